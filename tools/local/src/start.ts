import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ConsoleHost } from './console-host.ts';
import { startEmbeddedAws } from './embedded-aws.ts';
import { startEmulators } from './emulators.ts';
import { ensureEmulators, type StartEmulators } from './ensure-emulators.ts';
import { audience, startIssuer } from './issuer.ts';
import { watchNpm } from './parents.ts';
import {
  type CloudBroker,
  findPlatform,
  joinPlatform,
  type PlatformRecord,
  pruneCheckpoints,
  removePlatform,
  writePlatform,
} from './platform-record.ts';
import { assertFree, consolePort, type Env, issuerPort, type PortUse, servicePortUses } from './ports.ts';
import { printReady } from './ready-message.ts';
import { releaseMemory } from './release-memory.ts';
import { restartCommand, type ServiceProcess, startService } from './service-process.ts';
import { composeServices } from './services.ts';
import { type LocalSettings, readSettings } from './settings.ts';
import type { SpanExport } from './span-export.ts';
import { createTerminal, type Terminal, useColours } from './terminal.ts';
import { startUsage } from './usage.ts';
import { answerHelp } from './version.ts';

/** The platform on one machine: ports, then emulators and services beside one another, which saves seconds. */

// A note of the AWS SDK for its developers.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const stops: (() => Promise<void>)[] = [];
let stopping: Promise<never> | undefined;

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

let terminal: Terminal;

/** A step of the start that is done, with the seconds since this process began. */
const done = (step: string): void => terminal.step(step, performance.now() / 1000);

const stop = (code: number): Promise<never> => {
  stopping ??= (async () => {
    for (const each of stops.reverse()) await each();
    process.exit(code);
  })();
  return stopping;
};

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
  stops.unshift(emulators.stop);
  void emulators.ended.then(() => {
    if (stopping) return;
    terminal.text('The local DynamoDB and SQS ended unexpectedly; stopping.');
    void stop(1);
  });
};

/** Exports spans to where OpenTelemetry's standard variable says. */
const startExport = ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Env): SpanExport | undefined => {
  if (!endpoint?.trim()) return undefined;
  // Loaded when needed: it brings a part of OpenTelemetry along.
  const load = createRequire(__filename);
  const { startSpanExport } = load('./span-export.ts') as typeof import('./span-export.ts');
  const exporter = startSpanExport(endpoint.trim(), (message) => terminal.text(message));
  stops.push(exporter.stop);
  return exporter;
};

/** The services take the issuer from the environment, as on AWS. */
const startAuthentication = async ({ port }: PortUse): Promise<string> => {
  const issuer = await startIssuer(port);
  stops.push(issuer.stop);
  process.env.ORDERLY_JWT_ISSUER = issuer.url;
  process.env.ORDERLY_JWT_AUDIENCE = audience;
  return issuer.url;
};

const reportEnd = async (service: ServiceProcess, dir: string, stage: string): Promise<void> => {
  const how = await service.ended;
  if (stopping) return;
  terminal.text(
    `${service.name} has ended (${how}); the others continue. Start it again in the console, or with:`,
  );
  terminal.text(`  ${restartCommand(dir, stage)}`);
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
        if (span === undefined) return terminal.line(name, line);
        terminal.span(span);
        exporter?.add(span);
      },
      onStep: (step) => done(`${name}: ${step}`),
      onInvocation: (report) => host().invocation(report),
    });
    stops.push(service.stop);
    void reportEnd(service, dirs.get(name) ?? '', stage);
    return service;
  };
};

const startServices = (
  dirs: ReadonlyMap<string, string>,
  stage: string,
  records: boolean,
): { readonly host: ConsoleHost; readonly started: readonly ServiceProcess[] } => {
  const startOne = serviceStarter(dirs, stage, () => host, startExport(process.env));
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

/** What tools/clouds exports: it stands on this package, and is loaded only when it is asked for. */
interface Clouds {
  startCloudPlatform(options: {
    readonly cloud: NonNullable<PlatformRecord['cloud']>;
    readonly stage: string;
    readonly issuer?: { readonly url: string; readonly audience: string };
    readonly portOf: (service: string) => number;
    readonly onLine: (service: string, line: string) => void;
    readonly onStep: (step: string) => void;
  }): Promise<{
    readonly services: Readonly<Record<string, { readonly url: string; readonly pid: number }>>;
    readonly broker: CloudBroker;
    databaseOf(service: string): string;
    stop(): Promise<void>;
  }>;
}

/** The services on the libraries of another cloud, without a console. */
const startOnCloud = async (
  cloud: NonNullable<PlatformRecord['cloud']>,
  { stage, region }: LocalSettings,
  names: readonly string[],
  ownIssuer: PortUse | undefined,
): Promise<void> => {
  const portOf = (name: string): number => servicePortUses(name, names, process.env).http.port;
  const issuer = ownIssuer && (await startAuthentication(ownIssuer));
  const { startCloudPlatform } = createRequire(__filename)('@orderly/clouds/platform') as Clouds;
  const platform = await startCloudPlatform({
    ...{ cloud, stage, portOf },
    ...(issuer !== undefined && { issuer: { url: issuer, audience } }),
    onLine: (service, line) => terminal.line(service, line),
    onStep: done,
  });
  stops.push(platform.stop);
  const services = Object.entries(platform.services).map(([name, { url, pid }]) => [
    name,
    { url, pid, lambdaUrl: '' },
  ]);
  finish({
    ...{ pid: process.pid, stage, region, cloud, dynamodb: '', sqs: '' },
    services: Object.fromEntries(services),
    broker: platform.broker,
    databases: Object.fromEntries(names.map((name) => [name, platform.databaseOf(name)])),
    ...(issuer !== undefined && { issuer }),
  });
};

/** All is up: others find the platform. */
const finish = (record: PlatformRecord): void => {
  writePlatform(record);
  stops.push(async () => removePlatform(record.stage));
  printReady(record, (line) => terminal.text(line));
  process.send?.({ type: 'ready', record });
  releaseMemory();
};

const start = async (): Promise<void> => {
  const { auth, cloud, json, 'no-console': noConsole } = readOptions();
  const settings = readSettings(process.env);
  const { stage } = settings;
  const services = composeServices();
  const names = [...services.keys()];
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const colours = useColours(process.env, process.stdout.isTTY === true);
  terminal = createTerminal({ write, json, colours, services: names });
  assertNotRunning(stage);
  const ownIssuer = auth ? issuerPort(process.env) : undefined;
  if (cloud !== undefined) {
    await assertFree([
      ...names.map((name) => servicePortUses(name, names, process.env).http),
      ...(ownIssuer ? [ownIssuer] : []),
    ]);
    terminal.text(`Starting PostgreSQL and ${names.join(', ')} on the libraries of ${cloud} ...`);
    return startOnCloud(cloud, settings, names, ownIssuer);
  }
  const ownConsole = noConsole ? undefined : consolePort(process.env);
  await checkPorts(services, settings, [ownIssuer, ownConsole]);
  pruneCheckpoints();
  terminal.text(`Starting DynamoDB, SQS and ${names.join(', ')} ...`);
  const issuer = ownIssuer && (await startAuthentication(ownIssuer));
  const { host, started } = startServices(services, stage, !noConsole);
  await startAws(settings, host);
  done('DynamoDB and SQS answer');
  for (const service of started) service.goOn();
  const record = {
    ...(await recordOf(started, settings)),
    ...(ownConsole && { console: `http://127.0.0.1:${ownConsole.port}` }),
    ...(issuer !== undefined && { issuer }),
  };
  if (ownConsole) await host.start(record, ownConsole.port);
  stops.push(() => host.stop());
  finish(record);
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
if (process.connected) process.once('disconnect', () => void stop(0));
watchNpm(() => void stop(0));
// The reader of the output may end before this process.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

answerHelp(startUsage);
start().catch(async (error: Error) => {
  if (stopping) return;
  // The lines of a service that failed are still on their way.
  await delay(100);
  process.stderr.write(`\nOrderly cannot start: ${error.message}\n`);
  await stop(1);
});
