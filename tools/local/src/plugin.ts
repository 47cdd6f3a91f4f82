import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemChance } from '../../aws/chance.ts';
import { systemClock } from '../../aws/clock.ts';
import { type EventSources, startEventSources, Wake } from '../../aws/event-sources/index.ts';
import { type AwsClient, connect } from '../../aws/protocol/client.ts';
import { setUpBundling, stopBuilding } from './bundling.ts';
import type { Scope } from './cloudformation.ts';
import { declaredFunctions } from './declared-functions.ts';
import { startEmulators } from './emulators.ts';
import { ensureEmulators } from './ensure-emulators.ts';
import { readServerlessMappings } from './event-source-mappings.ts';
import { FileCheckpoints } from './file-checkpoints.ts';
import { FunctionWatch } from './function-watch.ts';
import { isAlive } from './is-alive.ts';
import { LocalFunctions } from './local-functions.ts';
import { catchOfflineLambda } from './offline-lambda.ts';
import {
  setAuthentication,
  setAwsEnvironment,
  setFunctionEnvironments,
  setOfflineOptions,
} from './offline-options.ts';
import { OfflineServer } from './offline-server.ts';
import { checkpointFolder, findPlatform, joinPlatform } from './platform-record.ts';
import { assertFree, host, isListening, servicePortUses } from './ports.ts';
import { releaseMemory } from './release-memory.ts';
import { createResources, planResources } from './resources.ts';
import type { Log, OfflineLambda, Serverless } from './serverless.ts';
import type { FromService, FunctionFaults } from './service-messages.ts';
import { composeServices } from './services.ts';
import { type LocalSettings, readSettings } from './settings.ts';
import { validateOnce } from './validated-configuration.ts';

/** To `npm start`, if that has started this process. */
const sendToStart = (message: FromService): void => {
  if (process.connected) process.send?.(message);
};

const reportStep = (step: string): void => sendToStart({ type: 'step', step });

/** The start is over by then. */
const SETTLED_MS = 1_000;
const POLL_MS = 50;
const PLATFORM_CHECK_MS = 1_000;

/** The name in serverless-compose.yml of the service in this folder, or its own name. */
const composeName = ({ service, serviceDir }: Serverless, services: ReadonlyMap<string, string>): string =>
  [...services].find(([, dir]) => resolve(serviceDir) === dir)?.[0] ?? service.service;

/** One service of the platform under `sls offline`, from its start to its stop. */
class LocalService {
  readonly #serverless: Serverless;
  readonly #log: Log;
  readonly #settings: LocalSettings;
  readonly #region: string;
  readonly #name: string;
  readonly #ports: ReturnType<typeof servicePortUses>;
  readonly #offline: OfflineServer;
  #stopEmulators: () => Promise<void> = async () => undefined;
  #sources: EventSources | undefined;
  #functions: LocalFunctions | undefined;
  #lambda: () => OfflineLambda = () => {
    throw new Error('The functions are not there yet.');
  };
  readonly #wake = new Wake(systemClock);
  readonly #watch = new FunctionWatch(sendToStart);
  readonly #aws: AwsClient;
  #stopped: Promise<void> | undefined;
  #reloads = 0;

  constructor(serverless: Serverless, log: Log) {
    this.#serverless = serverless;
    this.#log = log;
    const services = composeServices();
    this.#name = composeName(serverless, services);
    this.#ports = servicePortUses(this.#name, [...services.keys()], process.env);
    const { stage, region } = serverless.service.provider;
    this.#settings = { ...readSettings(process.env), stage, region };
    this.#region = region;
    const { dynamodb, sqs } = this.#settings;
    this.#aws = connect({ dynamodb: dynamodb.endpoint, sqs: sqs.endpoint }, this.#region);
    this.#offline = new OfflineServer(serverless, () => this.stop());
  }

  /** Everything that serverless-offline needs before it starts. */
  async prepare(): Promise<void> {
    this.#stopOnSignals();
    this.#lambda = await catchOfflineLambda((worker) => this.#watch.watch(worker));
    const { http, lambda } = this.#ports;
    await assertFree([http, lambda]);
    setAwsEnvironment(this.#region, this.#settings);
    setOfflineOptions(this.#serverless, { http: http.port, lambda: lambda.port });
    setAuthentication(this.#serverless, findPlatform(this.#settings.stage)?.issuer);
    reportStep('functions bundled');
    // `npm start` starts the emulators, and sends a message when they are up.
    if (process.connected) await once(process, 'message');
    process.on('message', (message: FunctionFaults) => {
      if (message.type === 'function-faults') this.#watch.setFaults(message.faults);
    });
    this.#stopEmulators = (await ensureEmulators(this.#settings, startEmulators)).stop;
    const scope = await this.#createResources();
    setFunctionEnvironments(this.#serverless, scope);
    reportStep('tables and queues there');
    this.#connect(scope).catch((error: Error) => this.#fail(error));
  }

  async beforeReload(): Promise<void> {
    this.#reloads += 1;
    await Promise.all([this.#functions?.pause(), this.#offline.pause()]);
  }

  afterReload(): void {
    this.#reloads -= 1;
    // Several files that change together are several reloads at once.
    if (this.#reloads > 0) return;
    this.#functions?.resume();
    this.#offline.resume();
  }

  /** Stops in the order that loses nothing: event sources and HTTP, workers, emulators. */
  stop(code = 0): Promise<void> {
    this.#stopped ??= this.#stopAll().then(
      () => process.exit(code),
      () => process.exit(1),
    );
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    await Promise.all([this.#functions?.stop(), this.#sources?.stop(), this.#offline.finishRequests()]);
    this.#aws.close();
    await this.#offline.end();
    await stopBuilding(this.#serverless);
    await this.#stopEmulators();
  }

  async #fail(error: Error): Promise<void> {
    if (this.#stopped) return;
    this.#log.error(`Orderly cannot start ${this.#name}: ${error.message}`);
    await this.stop(1);
  }

  #stopOnSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void this.stop());
    // Started by `npm start`: this process never outlives it.
    if (process.connected) process.once('disconnect', () => void this.stop());
  }

  async #createResources(): Promise<Scope> {
    const { service } = this.#serverless;
    const plan = planResources(service.resources, {
      region: this.#region,
      stack: service.provider.stackName ?? `${service.service}-${this.#settings.stage}`,
      sqsEndpoint: this.#settings.sqs.endpoint,
      visibilityTimeout: this.#settings.visibilityTimeout,
    });
    return createResources(plan, this.#aws.call);
  }

  async #connect(scope: Scope): Promise<void> {
    const { functions } = this.#serverless.service;
    const mappings = readServerlessMappings(functions, scope, this.#settings.concurrency);
    await this.#untilListening();
    if (this.#stopped) return;
    this.#functions = new LocalFunctions(this.#lambda(), this.#wake.up);
    this.#sources = await startEventSources(mappings, {
      clock: systemClock,
      chance: systemChance,
      call: this.#aws.call,
      invoke: this.#functions.invoke,
      checkpoints: new FileCheckpoints(checkpointFolder),
      wake: this.#wake,
      region: this.#region,
      log: (message) => this.#log.warning(message),
    });
    if (this.#stopped) await this.#sources.stop();
    else this.#announce(`http://${host}:${this.#ports.lambda.port}`, scope);
  }

  async #untilListening(): Promise<void> {
    const { http, lambda } = this.#ports;
    const events = Object.values(this.#serverless.service.functions).flatMap(({ events = [] }) => events);
    const hasHttp = events.some((event) => 'httpApi' in event || 'http' in event);
    for (const { port } of hasHttp ? [lambda, http] : [lambda]) {
      while (!this.#stopped && !(await isListening(port))) await delay(POLL_MS);
    }
    if (hasHttp && !this.#stopped) this.#offline.watchRequests(this.#wake.up);
  }

  #announce(lambdaUrl: string, scope: Scope): void {
    const { stage } = this.#settings;
    const url = `http://${host}:${this.#ports.http.port}`;
    this.#log.notice(`${this.#name} is ready at ${url}`);
    const declared = declaredFunctions(this.#serverless.service, scope);
    sendToStart({ type: 'ready', stage, region: this.#region, url, lambdaUrl, functions: declared });
    setTimeout(releaseMemory, SETTLED_MS).unref();
    if (process.send) return;
    const platform = joinPlatform(stage, this.#name, { url, pid: process.pid, lambdaUrl });
    if (platform) this.#stopWith(platform.pid);
  }

  /** Started by hand to join a running platform, it ends with that. */
  #stopWith(platformPid: number): void {
    const timer = setInterval(() => {
      if (isAlive(platformPid)) return;
      clearInterval(timer);
      this.#log.notice(`The platform has stopped, and ${this.#name} with it`);
      void this.stop();
    }, PLATFORM_CHECK_MS);
    timer.unref();
  }
}

/** The hooks of the plugin on `sls offline` and `sls offline start`. */
export const offlineHooks = (serverless: Serverless, log: Log) => {
  validateOnce(serverless);
  let service: LocalService | undefined;
  const prepare = async (): Promise<void> => {
    try {
      // Not earlier: Serverless resolves variables after it has made its plugins.
      service = new LocalService(serverless, log);
      await service.prepare();
    } catch (error) {
      log.error(`Orderly: ${error instanceof Error ? error.message : String(error)}`);
      if (service) await service.stop(1);
      process.exit(1);
    }
  };
  return {
    initialize: () => void process.once('exit', setUpBundling(serverless)),
    'before:offline:start': prepare,
    'before:offline:start:init': prepare,
    'before:offline:start:end': () => service?.stop(),
    'before:offline:functionsUpdated:cleanup': () => service?.beforeReload(),
    'after:offline:functionsUpdated:cleanup': () => service?.afterReload(),
  };
};
