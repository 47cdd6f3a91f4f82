/** The JSON lines that were written to standard output since the test began. */
export const written: Record<string, unknown>[] = [];

/** Collects what each test writes in a function's environment. */
export function collectOutput(environment: Readonly<Record<string, string>>): void {
  const unchanged = { ...process.env };
  beforeEach(() => {
    written.length = 0;
    Object.assign(process.env, { POWERTOOLS_SERVICE_NAME: 'orders', ...environment });
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
      written.push(JSON.parse(String(line)));
      return true;
    });
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
