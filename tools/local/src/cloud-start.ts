import { CloudConsole } from './cloud-console.ts';
import { type CloudName, type RunningCloud, type RunningService, startCloud } from './clouds.ts';
import { audience } from './issuer.ts';
import { joinPlatform, type PlatformRecord } from './platform-record.ts';
import type { PlatformRun } from './platform-run.ts';
import { assertFree, type PortUse, servicePortUses } from './ports.ts';
import { isNoise } from './terminal.ts';

export interface CloudStart {
  readonly cloud: CloudName;
  readonly stage: string;
  readonly region: string;
  /** The services. */
  readonly names: readonly string[];
  /** Where to serve; absent without them. */
  readonly issuer: PortUse | undefined;
  readonly console: PortUse | undefined;
}

/** Starts the services on the libraries of another cloud, with their console. @throws Error when a part does not start */
export const startOnCloud = async (
  run: PlatformRun,
  { cloud, stage, region, names, ...ports }: CloudStart,
): Promise<void> => {
  const uses = names.map((name) => servicePortUses(name, names, process.env).http);
  await assertFree([...uses, ports.issuer, ports.console].filter((use) => use !== undefined));
  run.terminal.text(`Starting PostgreSQL and ${names.join(', ')} on the libraries of ${cloud} ...`);
  const issuer = ports.issuer && (await run.startAuthentication(ports.issuer));
  const exporter = run.startExport(process.env);
  const page = new CloudConsole({ stage, cloud, records: ports.console !== undefined });
  const { watch } = page;
  const platform = await startCloud({
    ...{ cloud, stage },
    ...(issuer !== undefined && { issuer: { url: issuer, audience } }),
    ...(watch && { watch }),
    portOf: (name) => servicePortUses(name, names, process.env).http.port,
    onLine(service, line) {
      if (isNoise(line)) return;
      const span = page.line(service, line);
      if (span === undefined) return run.terminal.line(service, line);
      run.terminal.span(span);
      exporter?.add(span);
    },
    onStep: (step) => run.done(step),
  });
  run.onStop(() => platform.stop());
  const report = (name: string, service: RunningService) =>
    reportEnd(run, name, service, ports.console !== undefined);
  for (const [name, service] of Object.entries(platform.services)) void report(name, service);
  const record = recordOf(platform, {
    ...{ cloud, stage, region, issuer },
    console: ports.console && `http://127.0.0.1:${ports.console.port}`,
  });
  if (ports.console) {
    await page.start(platform, record, ports.console.port, async (name) => {
      const service = await platform.startService(name);
      void report(name, service);
      joinPlatform(stage, name, toRecord(service));
    });
    run.onStop(() => page.stop());
  }
  run.finish(record);
};

const toRecord = ({ url, pid }: RunningService) => ({ url, pid, lambdaUrl: '' });

const recordOf = (
  { services, broker, databaseOf }: RunningCloud,
  {
    cloud,
    stage,
    region,
    issuer,
    console: page,
  }: Pick<CloudStart, 'cloud' | 'stage' | 'region'> & {
    readonly issuer: string | undefined;
    readonly console: string | undefined;
  },
): PlatformRecord => ({
  ...{ pid: process.pid, stage, region, cloud, broker, dynamodb: '', sqs: '' },
  ...(issuer !== undefined && { issuer }),
  ...(page !== undefined && { console: page }),
  databases: Object.fromEntries(Object.keys(services).map((name) => [name, databaseOf(name)])),
  services: Object.fromEntries(Object.entries(services).map(([name, service]) => [name, toRecord(service)])),
});

const reportEnd = async (
  run: PlatformRun,
  name: string,
  { ended }: RunningService,
  hasConsole: boolean,
): Promise<void> => {
  const how = await ended;
  if (run.isStopping) return;
  const again = hasConsole ? 'Start it again in the console.' : 'It starts again with the platform.';
  run.terminal.text(`${name} has ended (${how}); the others continue. ${again}`);
};
