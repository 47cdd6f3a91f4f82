import type { AwsCall } from '@orderly/aws/call';
import { type EventSources, startEventSources } from '@orderly/aws/event-sources/index';
import type { Mappings } from '@orderly/aws/event-sources/mapping';
import { callInProcess } from '@orderly/aws/in-process';
import { AwsError } from '@orderly/aws/protocol/error';
import { resolveValue, type Scope } from '@orderly/local/cloudformation';
import { readServerlessMappings } from '@orderly/local/event-source-mappings';
import { createResources, planResources } from '@orderly/local/resources';
import type { Program } from '../sandbox/sandbox.ts';
import { AgingCheckpoints } from './aging-checkpoints.ts';
import { SQS_ORIGIN } from './calls.ts';
import { FAULT_NAMES } from './faults.ts';
import { type Claims, Gateway, type Route } from './gateway.ts';
import type { Lambda } from './lambda.ts';
import { REGION } from './region.ts';
import { STAGE, type Stack } from './stack.ts';
import { StreamWake } from './stream-wake.ts';
import type { World } from './world.ts';

interface Service {
  readonly stack: Stack;
  /** What the names in its template stand for. */
  readonly scope: Scope;
  readonly mappings: Mappings;
  readonly gateway: Gateway;
  /** Undefined while the service is away. */
  sources: EventSources | undefined;
}

const routesOf = ({ functions }: Stack): readonly Route[] =>
  Object.values(functions).flatMap(({ name, events = [] }) =>
    events.flatMap(({ httpApi }) =>
      typeof httpApi === 'object'
        ? [
            {
              key: `${httpApi.method} ${httpApi.path}`,
              functionName: name,
              scopes: httpApi.authorizer?.scopes,
            },
          ]
        : [],
    ),
  );

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The services on the simulated AWS: what their serverless.yml declare, and nothing else. */
export class Platform {
  /** Calls of the embedded AWS in which nothing goes wrong: what an observer sees. */
  readonly call: AwsCall;
  readonly #world: World;
  /** Settings of all functions, beside those of serverless.yml. */
  readonly #env: Readonly<Record<string, string>>;
  readonly #services = new Map<string, Service>();
  readonly #checkpoints = new AgingCheckpoints();
  readonly #blocked = new Set<string>();
  readonly #wakes = new Map<string, StreamWake>();

  private constructor(world: World, env: Readonly<Record<string, string>>) {
    this.#world = world;
    this.#env = env;
    this.call = callInProcess([world.dynamodb, world.sqs], SQS_ORIGIN);
    world.dynamodb.onStreamWrite(({ tableName }) => this.#wakes.get(tableName)?.written());
  }

  /** Deploys the services one after the other. */
  static async deploy(
    world: World,
    stacks: readonly Stack[],
    programs: ReadonlyMap<string, Program>,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Platform> {
    const platform = new Platform(world, env);
    for (const stack of stacks) await platform.#install(stack, programs);
    return platform;
  }

  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  /** `fetch` for a caller with these claims: `https://<service>.example.com/...`. */
  fetchAs(claims: Claims) {
    return (url: string, init: Parameters<Gateway['fetch']>[1]): Promise<object> => {
      const [service = ''] = new URL(url).hostname.split('.');
      return this.#serviceOf(service).gateway.fetch(url, init, claims);
    };
  }

  /** A new version of a service's functions. */
  release(service: string, programs: ReadonlyMap<string, Program>): void {
    const { stack, scope } = this.#serviceOf(service);
    for (const [name, { name: deployed, timeout, environment }] of Object.entries(stack.functions)) {
      const program = programs.get(`${service}/${name}`);
      if (program === undefined) throw new Error(`There is no program ${service}/${name}`);
      this.#world.lambda.deploy({
        ...{ name: deployed, service, program },
        timeoutMs: (timeout ?? stack.timeoutSeconds) * 1000,
        env: {
          ...LAMBDA_ENVIRONMENT,
          AWS_LAMBDA_FUNCTION_NAME: deployed,
          ...stack.environment,
          ...Object(resolveValue(environment, scope)),
          ...this.#env,
        },
      });
    }
  }

  /** Nobody reaches the service, and it reads nothing. Resolves when what it had begun has ended. */
  async takeAway(name: string): Promise<void> {
    const service = this.#serviceOf(name);
    const { sources } = service;
    service.sources = undefined;
    await sources?.stop();
  }

  async bringBack(name: string): Promise<void> {
    const service = this.#serviceOf(name);
    const { scheduler } = this.#world;
    for (;;) {
      try {
        service.sources = await startEventSources(service.mappings, {
          ...{ clock: scheduler, chance: this.#world.dice, region: REGION, checkpoints: this.#checkpoints },
          call: this.#callOfSources(name),
          invoke: (functionName, event) => this.#invoke(functionName, event),
          wake: this.#wakeOf(name),
          log: () => undefined,
        });
        return;
      } catch (error) {
        if (!(error instanceof AwsError) || error.status < 500) throw error;
        await scheduler.sleep(1_000);
      }
    }
  }

  /** The next start of a service begins some batches before the place where it stopped. */
  loseCheckpoints(service: string): void {
    this.#checkpoints.goBack(`${service}-`);
  }

  /** Nobody can read the stream of a service's table while it is blocked. */
  blockStream(service: string, blocked: boolean): void {
    if (blocked) this.#blocked.add(service);
    else this.#blocked.delete(service);
  }

  /** The URL of a queue, whether it exists or not. */
  urlOf(queue: string): string {
    return `${SQS_ORIGIN}/${ACCOUNT}/${queue}`;
  }

  #serviceOf(name: string): Service {
    const service = this.#services.get(name);
    if (service === undefined) throw new Error(`There is no service ${name}`);
    return service;
  }

  async #install(stack: Stack, programs: ReadonlyMap<string, Program>): Promise<void> {
    const { service: name, region } = stack;
    const plan = planResources(stack.resources, { region, stack: stack.name, sqsEndpoint: SQS_ORIGIN });
    const scope = await createResources(plan, this.call);
    const mappings = readServerlessMappings(stack.functions, scope, this.#world.dice.pick([2, 3, 5, 10]));
    const service: Service = {
      ...{ stack, scope, mappings, sources: undefined },
      gateway: new Gateway(this.#world, routesOf(stack), () => service.sources === undefined),
    };
    this.#services.set(name, service);
    this.release(name, programs);
    await this.bringBack(name);
    this.#schedule(stack);
  }

  /** Invokes functions on their schedules, e.g. `rate(5 minutes)`. */
  #schedule({ functions, service }: Stack): void {
    const { scheduler, lambda } = this.#world;
    for (const { name, events = [] } of Object.values(functions))
      for (const { schedule } of events) {
        const [, count = '', unit = ''] =
          /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule?.rate[0] ?? '') ?? [];
        const everyMs = Number(count) * (UNITS_MS[unit] ?? 0);
        if (everyMs === 0) continue;
        const tick = (): void => {
          scheduler.after(everyMs, tick);
          if (this.#serviceOf(service).sources) void lambda.invoke(name, {});
        };
        scheduler.after(everyMs, tick);
      }
  }

  /** Lambda's event sources process each batch at least once. */
  #invoke(functionName: string, event: unknown): ReturnType<Lambda['invoke']> {
    const { dice, faults, lambda } = this.#world;
    if (dice.chance(faults.invokedTwice)) {
      this.#world.fault(FAULT_NAMES.invokedTwice, functionName);
      void lambda.invoke(functionName, event);
    }
    return lambda.invoke(functionName, event);
  }

  #wakeOf(service: string): StreamWake {
    const { scheduler, dice } = this.#world;
    const wake = new StreamWake(scheduler, () => dice.int(20, 250));
    this.#wakes.set(`${STAGE}-${service}`, wake);
    return wake;
  }

  /** What event sources call: it takes its time, and fails at times. */
  #callOfSources(service: string): AwsCall {
    const { scheduler, dice } = this.#world;
    return async (name, operation, input, signal) => {
      await scheduler.sleep(dice.exponential(3));
      const { faults } = this.#world;
      if (name === 'streams' && this.#blocked.has(service))
        throw new AwsError('InternalServerError', 'Simulated', { status: 500 });
      if (name === 'streams' && dice.chance(faults.streamFails)) {
        this.#world.fault('stream not read', `${operation} of ${service}`);
        throw operation === 'GetRecords' && dice.chance(0.3)
          ? new AwsError('ExpiredIteratorException', 'Simulated')
          : new AwsError('InternalServerError', 'Simulated', { status: 500 });
      }
      if (operation === 'DeleteMessageBatch' && dice.chance(faults.deleteLost)) {
        this.#world.fault('message delivered again', service);
        return {};
      }
      return this.call(name, operation, input, signal);
    };
  }
}

const ACCOUNT = '000000000000';

/** What Lambda sets: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const LAMBDA_ENVIRONMENT = {
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'simulated',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_LAMBDA_LOG_LEVEL: 'INFO',
};
