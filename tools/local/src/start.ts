import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startOnCloud } from './cloud-start.ts';
import { ConsoleHost } from './console-host.ts';
import { startEmbeddedAws } from './embedded-aws.ts';
import { startEmulators } from './emulators.ts';
import { ensureEmulators, type StartEmulators } from './ensure-emulators.ts';
import { watchNpm } from './parents.ts';
import { findPlatform, joinPlatform, type PlatformRecord, pruneCheckpoints } from './platform-record.ts';
import { PlatformRun } from './platform-run.ts';
import { assertFree, consolePort, issuerPort, type PortUse, servicePortUses } from './ports.ts';
import { restartCommand, type ServiceProcess, startService } from './service-process.ts';
import { composeServices } from './services.ts';
import { type LocalSettings, readSettings } from './settings.ts';
import type { SpanExport } from './span-export.ts';
import { createTerminal, useColours } from './terminal.ts';
import { startUsage } from './usage.ts';
import { answerHelp } from './version.ts';

/** The platform on one machine: ports, then emulators and services beside one another, which saves seconds. */

// A note of the AWS SDK for its developers.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const readOptions = () => {
  const flag = { type: 'boolean', default: false } as const;
  const cloud = { type: 'string' } as const;
  const { values } = parseArgs({ options: { auth: flag, cloud, json: flag, 'no-console': flag } });
  return { ...values, cloud: readCloud(values.cloud) };
};

/** @throws Error for one that there is not */
const readCloud = (name: string | undefined): PlatformRecord['cloud'] => {
  if (name === undefined || name === 'azure' || name === 'google') return name;
  throw new Error(`--cloud is azure or google, and not "${name}". Without it, the platform runs as on AWS.`);
};

const run = new PlatformRun();

const assertNotRunning = (stage: string): void => {
  const running = findPlatform(stage);
  if (!running) return;
  throw new Error(
    `Orderly is running already for the stage ${stage} (process ${running.pid}). Stop it first, or set ORDERLY_STAGE and the ports to run a second one.`,
  );
};

const checkPorts = async (
  services: ReadonlyMap<string, string>,
  { dynamodb, sqs }: LocalSettings,
  more: readonly (PortUse | undefined)[],
): Promise<void> => {
  const order = [...services.keys()];
  const uses = order.flatMap((name) => Object.values(servicePortUses(name, order, process.env)));
  await assertFree([...uses, dynamodb.own, sqs.own, ...more].filter((use) => use !== undefined));
};

/** In this process, where nothing of ours is busy once the services run. */
const startHere =
  (region: string, host: ConsoleHost): StartEmulators =>
  async (ports) => {
    const { services, stop } = await startEmbeddedAws(ports, region);
    host.watchAws(services);
    return { stop, ended: new Promise<void>(() => undefined) };
  };

const startAws = async (settings: LocalSettings, host: ConsoleHost): Promise<void> => {
  const { engine, region } = settings;
  const emulators = await ensureEmulators(
    settings,
    engine === 'embedded' ? startHere(region, host) : startEmulators,
  );
  // Stopped last: they are up later than the services begin, and needed until these have ended.
  run.onLastStop(emulators.stop);
  void emulators.ended.then(() => {
    if (run.isStopping) return;
    run.terminal.text('The local DynamoDB and SQS ended unexpectedly; stopping.');
    void run.stop(1);
  });
};

const reportEnd = async (service: ServiceProcess, dir: string, stage: string): Promise<void> => {
  const how = await service.ended;
  if (run.isStopping) return;
  run.terminal.text(
    `${service.name} has ended (${how}); the others continue. Start it again in the console, or with:`,
  );
  run.terminal.text(`  ${restartCommand(dir, stage)}`);
};

/** Starts services for the console, too. */
const serviceStarter = (
  dirs: ReadonlyMap<string, string>,
  stage: string,
  host: () => ConsoleHost,
  exporter: SpanExport | undefined,
): ((name: string) => ServiceProcess) => {
  return (name) => {
    const service = startService({
      name,
      dir: dirs.get(name) ?? '',
      stage,
      onLine: (line) => {
        const span = host().line(name, line);
        if (span === undefined) return run.terminal.line(name, line);
        run.terminal.span(span);
        exporter?.add(span);
      },
      onStep: (step) => run.done(`${name}: ${step}`),
      onInvocation: (report) => host().invocation(report),
    });
    run.onStop(service.stop);
    void reportEnd(service, dirs.get(name) ?? '', stage);
    return service;
  };
};

const startServices = (
  dirs: ReadonlyMap<string, string>,
  stage: string,
  records: boolean,
): { readonly host: ConsoleHost; readonly started: readonly ServiceProcess[] } => {
  const startOne = serviceStarter(dirs, stage, () => host, run.startExport(process.env));
  const restart = (name: string): ServiceProcess => {
    const service = startOne(name);
    service.goOn();
    void service.ready.then(({ url, lambdaUrl }) =>
      joinPlatform(stage, name, { url, pid: service.pid, lambdaUrl }),
    );
    return service;
  };
  const host: ConsoleHost = new ConsoleHost({ stage, records, restart });
  const started = [...dirs.keys()].map(startOne);
  for (const service of started) host.watchService(service);
  return { host, started };
};

const recordOf = async (
  started: readonly ServiceProcess[],
  { stage, region, dynamodb, sqs }: LocalSettings,
): Promise<Omit<PlatformRecord, 'console'>> => {
  const ready = await Promise.all(
    started.map(async ({ name, pid, ready: answer }) => {
      const { url, lambdaUrl, region: own } = await answer;
      return { name, region: own, record: { url, pid, lambdaUrl } };
    }),
  );
  return {
    pid: process.pid,
    stage,
    region: ready[0]?.region ?? region,
    dynamodb: dynamodb.endpoint,
    sqs: sqs.endpoint,
    services: Object.fromEntries(ready.map(({ name, record }) => [name, record])),
  };
};

const start = async (): Promise<void> => {
  const { auth, cloud, json, 'no-console': noConsole } = readOptions();
  const settings = readSettings(process.env);
  const { stage } = settings;
  const services = composeServices();
  const names = [...services.keys()];
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const colours = useColours(process.env, process.stdout.isTTY === true);
  run.terminal = createTerminal({ write, json, colours, services: names });
  assertNotRunning(stage);
  const ownIssuer = auth ? issuerPort(process.env) : undefined;
  const ownConsole = noConsole ? undefined : consolePort(process.env);
  if (cloud !== undefined) {
    const ports = { issuer: ownIssuer, console: ownConsole };
    return startOnCloud(run, { cloud, stage, region: settings.region, names, ...ports });
  }
  await checkPorts(services, settings, [ownIssuer, ownConsole]);
  pruneCheckpoints();
  run.terminal.text(`Starting DynamoDB, SQS and ${names.join(', ')} ...`);
  const issuer = ownIssuer && (await run.startAuthentication(ownIssuer));
  const { host, started } = startServices(services, stage, !noConsole);
  await startAws(settings, host);
  run.done('DynamoDB and SQS answer');
  for (const service of started) service.goOn();
  const record = {
    ...(await recordOf(started, settings)),
    ...(ownConsole && { console: `http://127.0.0.1:${ownConsole.port}` }),
    ...(issuer !== undefined && { issuer }),
  };
  if (ownConsole) await host.start(record, ownConsole.port);
  run.onStop(() => host.stop());
  run.finish(record);
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void run.stop(0));
if (process.connected) process.once('disconnect', () => void run.stop(0));
watchNpm(() => void run.stop(0));
// The reader of the output may end before this process.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

answerHelp(startUsage);
start().catch(async (error: Error) => {
  if (run.isStopping) return;
  // The lines of a service that failed are still on their way.
  await delay(100);
  process.stderr.write(`\nOrderly cannot start: ${error.message}\n`);
  await run.stop(1);
});
