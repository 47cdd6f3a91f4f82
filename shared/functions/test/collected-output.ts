/** The JSON lines that were written to the console since the test began. */
export const written: Record<string, unknown>[] = [];

/** Has Powertools write to the console in each test, as in a function, and collects its lines. */
export function collectOutput(environment: Readonly<Record<string, string>>): void {
  const unchanged = { ...process.env };
  beforeEach(() => {
    written.length = 0;
    Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_SERVICE_NAME: 'orders', ...environment });
    for (const method of ['debug', 'info', 'warn', 'error', 'log'] as const) {
      jest.spyOn(console, method).mockImplementation((...[line]: readonly unknown[]) => {
        written.push(JSON.parse(String(line)));
      });
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...unchanged };
  });
}

/** Loads a module anew, so that it reads the present environment. */
export function loadAnew<Module>(load: () => Module): Module {
  let loaded: Module | undefined;
  jest.isolateModules(() => {
    loaded = load();
  });
  if (loaded === undefined) throw new Error('Not loaded');
  return loaded;
}
