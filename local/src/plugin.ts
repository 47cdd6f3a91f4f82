import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { resolveValue, type Scope } from './cloudformation.ts';
import { ensureEmulators } from './ensure-emulators.ts';
import { type EventSources, startEventSources } from './event-source/index.ts';
import { readMappings } from './event-source/mapping.ts';
import { checkpointFolder, isAlive, joinPlatform } from './platform-record.ts';
import { assertFree, composeServices, host, isListening, servicePortUses } from './ports.ts';
import { createResources, planResources } from './resources.ts';
import type { Log, OfflinePlugin, Serverless } from './serverless.ts';
import { dummyCredentials, type LocalSettings, localClients, readSettings } from './settings.ts';

const POLL_MS = 50;
const PLATFORM_CHECK_MS = 1_000;
const HTTP_FINISH_MS = 3_000;

export interface ServiceReady {
  readonly type: 'ready';
  readonly stage: string;
  readonly region: string;
  readonly url: string;
  readonly lambdaUrl: string;
}

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
  #stopEmulators: () => Promise<void> = async () => undefined;
  #sources: EventSources | undefined;
  #stopped: Promise<void> | undefined;

  constructor(serverless: Serverless, log: Log) {
    this.#serverless = serverless;
    this.#log = log;
    const services = composeServices();
    this.#name = composeName(serverless, services);
    this.#ports = servicePortUses(this.#name, [...services.keys()], process.env);
    this.#settings = { ...readSettings(process.env), stage: serverless.service.provider.stage };
    this.#region = serverless.service.provider.region;
  }

  /** Everything that serverless-offline needs before it starts. */
  async prepare(): Promise<void> {
    this.#stopOnSignals();
    const { http, lambda } = this.#ports;
    await assertFree([http, lambda]);
    this.#setEnvironment();
    this.#setOfflineOptions();
    this.#stopEmulators = (await ensureEmulators(this.#settings, this.#region)).stop;
    const scope = await this.#createResources();
    this.#resolveEnvironments(scope);
    this.#connect(scope).catch((error: Error) => this.#fail(error));
  }

  async reload(phase: 'before' | 'after'): Promise<void> {
    if (phase === 'before') await this.#sources?.pause();
    else this.#sources?.resume();
  }

  /** Stops in the order that loses nothing: event sources, functions and HTTP, emulators. */
  stop(code = 0): Promise<void> {
    this.#stopped ??= this.#stopAll().then(
      () => process.exit(code),
      () => process.exit(1),
    );
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    await Promise.all([this.#sources?.stop(), this.#offlinePlugin()?.finishRequests?.()]);
    await this.#offlinePlugin()?.endOnly?.();
    await this.#stopEmulators();
  }

  async #fail(error: Error): Promise<void> {
    if (this.#stopped) return;
    this.#log.error(`Orderly cannot start ${this.#name}: ${error.message}`);
    await this.stop(1);
  }

  #offlinePlugin(): OfflinePlugin | undefined {
    return this.#serverless.pluginManager.plugins.find(
      (plugin): plugin is OfflinePlugin => plugin.constructor.name === 'ServerlessOffline',
    );
  }

  /**
   * serverless-offline ends its workers at once on a signal, with batches in them, and exits. Its
   * end becomes the second step of ours.
   */
  #stopOnSignals(): void {
    const offline = this.#offlinePlugin();
    if (offline) {
      const end = offline.end.bind(offline);
      offline.endOnly = () => end(true);
      offline.finishRequests = async () => {
        if (this.#hasHttp())
          await offline.internals().getApiGatewayServer().stop({ timeout: HTTP_FINISH_MS });
      };
      offline.end = () => this.stop();
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void this.stop());
    // Started by `npm start`: whatever happens to it, this process does not outlive it.
    if (process.connected) process.once('disconnect', () => void this.stop());
  }

  /** serverless-offline copies AWS_* to the functions; the developer's own account stays out of reach. */
  #setEnvironment(): void {
    delete process.env.AWS_PROFILE;
    delete process.env.AWS_SESSION_TOKEN;
    Object.assign(process.env, {
      AWS_REGION: this.#region,
      AWS_ENDPOINT_URL_DYNAMODB: this.#settings.dynamodb.endpoint,
      AWS_ENDPOINT_URL_SQS: this.#settings.sqs.endpoint,
      AWS_ACCESS_KEY_ID: dummyCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: dummyCredentials.secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
  }

  #setOfflineOptions(): void {
    const { service } = this.#serverless;
    service.custom = {
      ...service.custom,
      'serverless-offline': {
        noSponsor: true,
        ...service.custom?.['serverless-offline'],
        host,
        httpPort: this.#ports.http.port,
        lambdaPort: this.#ports.lambda.port,
        noPrependStageInUrl: true,
      },
    };
  }

  #endpoints() {
    return { dynamodb: this.#settings.dynamodb.endpoint, sqs: this.#settings.sqs.endpoint };
  }

  async #createResources(): Promise<Scope> {
    const { service } = this.#serverless;
    const clients = localClients(this.#endpoints(), this.#region);
    const plan = planResources(service.resources, {
      region: this.#region,
      stack: service.provider.stackName ?? `${service.service}-${this.#settings.stage}`,
      sqsEndpoint: this.#settings.sqs.endpoint,
      visibilityTimeout: this.#settings.visibilityTimeout,
    });
    return createResources(plan, clients);
  }

  /** serverless-offline hands `!Ref` and `!GetAtt` to functions as text; here they get their values. */
  #resolveEnvironments(scope: Scope): void {
    const { provider, functions } = this.#serverless.service;
    const parts: { environment?: Record<string, unknown> }[] = [provider, ...Object.values(functions)];
    for (const part of parts) {
      // A publisher finds a new subscriber within a second instead of a minute.
      const environment = { ...part.environment, SUBSCRIPTIONS_TTL_SECONDS: '1' };
      part.environment = Object(resolveValue(environment, scope));
    }
  }

  async #connect(scope: Scope): Promise<void> {
    const { http, lambda } = this.#ports;
    const mappings = readMappings(this.#serverless.service.functions, scope, this.#settings.concurrency);
    await this.#untilListening(lambda.port);
    if (this.#hasHttp()) await this.#untilListening(http.port);
    if (this.#stopped) return;
    const lambdaUrl = `http://${host}:${lambda.port}`;
    const clients = localClients(this.#endpoints(), this.#region);
    const sources = await startEventSources(mappings, lambdaUrl, {
      ...clients,
      region: this.#region,
      stateFolder: checkpointFolder,
      log: (message) => this.#log.warning(message),
    });
    this.#sources = sources;
    if (this.#stopped) await sources.stop();
    else this.#announce(lambdaUrl);
  }

  #hasHttp(): boolean {
    const events = Object.values(this.#serverless.service.functions).flatMap(({ events = [] }) => events);
    return events.some((event) => 'httpApi' in event || 'http' in event);
  }

  async #untilListening(port: number): Promise<void> {
    while (!this.#stopped && !(await isListening(port))) await delay(POLL_MS);
  }

  #announce(lambdaUrl: string): void {
    const { stage } = this.#settings;
    const url = `http://${host}:${this.#ports.http.port}`;
    this.#log.notice(`${this.#name} is ready at ${url}`);
    const ready: ServiceReady = { type: 'ready', stage, region: this.#region, url, lambdaUrl };
    process.send?.(ready);
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
    'before:offline:start': prepare,
    'before:offline:start:init': prepare,
    'before:offline:start:end': () => service?.stop(),
    'before:offline:functionsUpdated:cleanup': () => service?.reload('before'),
    'after:offline:functionsUpdated:cleanup': () => service?.reload('after'),
  };
};
