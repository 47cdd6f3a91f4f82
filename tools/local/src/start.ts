import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedAws } from './embedded-aws.ts';
import { startEmulators } from './emulators.ts';
import { ensureEmulators, type StartEmulators } from './ensure-emulators.ts';
import { audience, startIssuer } from './issuer.ts';
import {
  findPlatform,
  type PlatformRecord,
  pruneCheckpoints,
  removePlatform,
  writePlatform,
} from './platform-record.ts';
import { assertFree, issuerPort, type PortUse, servicePortUses } from './ports.ts';
import { printReady } from './ready-message.ts';
import { releaseMemory } from './release-memory.ts';
import { restartCommand, type ServiceProcess, startService } from './service-process.ts';
import { composeServices } from './services.ts';
import { type LocalSettings, readSettings } from './settings.ts';
import { startUsage } from './usage.ts';
import { answerHelp } from './version.ts';

/** The platform on one machine: ports, then emulators and services beside one another, which saves seconds. */

const PARENT_CHECK_MS = 500;

const stops: (() => Promise<void>)[] = [];
let stopping: Promise<never> | undefined;

const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** A step of the start that is done, with the seconds since this process began. */
const done = (step: string): void => write(`${(performance.now() / 1000).toFixed(1).padStart(5)} s  ${step}`);

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
  issuer: PortUse | undefined,
): Promise<void> => {
  const order = [...services.keys()];
  const uses = order.flatMap((name) => Object.values(servicePortUses(name, order, process.env)));
  await assertFree([...uses, dynamodb.own, sqs.own, issuer].filter((use) => use !== undefined));
};

/** In this process, where nothing of ours is busy once the services run. */
const startHere =
  (region: string): StartEmulators =>
  async (ports) => ({
    ...(await startEmbeddedAws(ports, region)),
    ended: new Promise<void>(() => undefined),
  });

const startAws = async (settings: LocalSettings): Promise<void> => {
  const { engine, region } = settings;
  const emulators = await ensureEmulators(
    settings,
    engine === 'embedded' ? startHere(region) : startEmulators,
  );
  // Stopped last: they are up later than the services begin, and needed until these have ended.
  stops.unshift(emulators.stop);
  void emulators.ended.then(() => {
    if (stopping) return;
    write('The local DynamoDB and SQS ended unexpectedly; stopping.');
    void stop(1);
  });
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
  write(`${service.name} has ended (${how}); the others continue. Start it again with:`);
  write(`  ${restartCommand(dir, stage)}`);
};

const startServices = (services: ReadonlyMap<string, string>, stage: string): readonly ServiceProcess[] => {
  const width = Math.max(...[...services.keys()].map(({ length }) => length));
  const started = [...services].map(([name, dir], place) =>
    startService({ name, dir, stage, place, width, write, onStep: (step) => done(`${name}: ${step}`) }),
  );
  stops.push(async () => {
    await Promise.all(started.map((service) => service.stop()));
  });
  return started;
};

const recordOf = async (
  started: readonly ServiceProcess[],
  { stage, region, dynamodb, sqs }: LocalSettings,
): Promise<PlatformRecord> => {
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

/** @throws Error for an unknown option */
const readOptions = (): { readonly auth: boolean } => {
  const { values } = parseArgs({ options: { auth: { type: 'boolean', default: false } } });
  return values;
};

const start = async (): Promise<void> => {
  const settings = readSettings(process.env);
  const services = composeServices();
  assertNotRunning(settings.stage);
  const { auth } = readOptions();
  const ownIssuer = auth ? issuerPort(process.env) : undefined;
  await checkPorts(services, settings, ownIssuer);
  pruneCheckpoints();
  write(`Starting DynamoDB, SQS and ${[...services.keys()].join(', ')} ...`);
  const issuer = ownIssuer && (await startAuthentication(ownIssuer));
  const started = startServices(services, settings.stage);
  await startAws(settings);
  done('DynamoDB and SQS answer');
  for (const service of started) service.goOn();
  const record = { ...(await recordOf(started, settings)), ...(issuer !== undefined && { issuer }) };
  for (const service of started) void reportEnd(service, services.get(service.name) ?? '', settings.stage);
  writePlatform(record);
  stops.push(async () => removePlatform(settings.stage));
  printReady(record, write);
  process.send?.({ type: 'ready', record });
  releaseMemory();
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
if (process.connected) process.once('disconnect', () => void stop(0));
// The script is `exec node`, so there is no shell between npm and this process. An npm that is killed sends no signal.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => process.ppid !== parent && void stop(0), PARENT_CHECK_MS).unref();
}
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
