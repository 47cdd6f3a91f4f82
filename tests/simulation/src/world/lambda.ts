import type { Invocation } from '@orderly/aws/event-sources/invocation';
import { type Loaded, load, type Program } from '../sandbox/sandbox.ts';
import type { Calls } from './calls.ts';
import type { Conditions } from './conditions.ts';
import { Dice } from './dice.ts';
import { FAULT_NAMES } from './faults.ts';
import type { Log } from './log.ts';
import { EPOCH_MS } from './scheduler.ts';

export interface FunctionDefinition {
  /** The deployed name, e.g. `orders-sim-place-order`. */
  readonly name: string;
  readonly service: string;
  readonly program: Program;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

interface Deployed extends FunctionDefinition {
  /** Containers that run nothing, of this version. */
  readonly idle: Container[];
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

/** Runs functions in containers: one invocation each at a time, cold starts, frozen in between, killed at times. */
export class Lambda {
  readonly #world: Conditions;
  readonly #calls: Calls;
  readonly #log: Log;
  readonly #functions = new Map<string, Deployed>();
  #containers = 0;
  #running = 0;

  constructor(world: Conditions, calls: Calls, log: Log) {
    this.#world = world;
    this.#calls = calls;
    this.#log = log;
  }

  /** How many invocations have not ended. */
  get running(): number {
    return this.#running;
  }

  /** A function, or a new version of it: containers of the version before end with what they have begun. */
  deploy(definition: FunctionDefinition): void {
    this.#functions.set(definition.name, { ...definition, idle: [] });
  }

  /** Runs a function once. Never rejects. */
  async invoke(name: string, event: unknown): Promise<Invocation> {
    const { scheduler, dice, history, faults } = this.#world;
    const fn = this.#functions.get(name);
    if (fn === undefined) throw new Error(`There is no function ${name}`);
    this.#running++;
    const payload = JSON.stringify(event);
    const lost = fn.idle.length > 0 && dice.chance(faults.coldStart);
    if (lost) this.#world.fault(FAULT_NAMES.coldStart, `of ${name}`);
    const warm = fn.idle.length > 0 && !lost;
    const found = warm ? this.#anyIdle(fn) : undefined;
    const started = found ?? this.#start(fn);
    await scheduler.sleep(warm ? dice.exponential(2) : dice.int(150, 600));
    // A call that it had begun before it slept may have killed it.
    const container = started.dead ? this.#start(fn) : started;
    const requestId = dice.uuid();
    history.add('invoke', `${container.label} ${requestId}`);
    history.note('event', () => `${container.label} ${requestId} ${payload}`);
    const invocation = await container.run(payload, requestId, fn.timeoutMs);
    const outcome =
      invocation.outcome === 'answer' ? JSON.stringify(invocation.payload) : JSON.stringify(invocation);
    history.add('answer', `${container.label} ${requestId} ${outcome}`);
    if (!container.dead) fn.idle.push(container);
    await scheduler.sleep(dice.exponential(2));
    this.#running--;
    return invocation;
  }

  #start(fn: Deployed): Container {
    return new Container(this.#world, this.#calls, this.#log, fn, ++this.#containers);
  }

  /** The one that ran last as a rule, as Lambda keeps few containers busy; now and then one that has slept for long. */
  #anyIdle({ idle }: Deployed): Container | undefined {
    const { dice } = this.#world;
    return dice.chance(0.9) ? idle.pop() : idle.splice(dice.int(0, idle.length - 1), 1)[0];
  }
}

const REST_MICROS = 60_000_000;

/** One process with its own modules, clock and chance. */
export class Container {
  readonly id: number;
  readonly name: string;
  readonly #world: Conditions;
  readonly #program: Loaded;
  readonly #skewMs: number;
  #dead = false;
  #ranAt = Number.NEGATIVE_INFINITY;
  #end: ((invocation: Invocation) => void) | undefined;
  /** What came while nothing ran: it goes on with the next invocation. */
  #frozen: (() => void)[] = [];

  constructor(
    world: Conditions,
    calls: Calls,
    log: Log,
    { name, program, env }: FunctionDefinition,
    id: number,
  ) {
    this.#world = world;
    this.id = id;
    this.name = name;
    const dice = new Dice(world.seed, `container ${id}`);
    this.#skewMs = dice.int(-world.faults.clockSkewMs, world.faults.clockSkewMs);
    world.history.add('cold start', this.label);
    if (this.#skewMs !== 0) world.fault(FAULT_NAMES.clockSkewMs, `${this.#skewMs} ms of ${this.label}`);
    this.#program = load(program, {
      nowMs: () => EPOCH_MS + this.#skewMs + world.scheduler.micros / 1000,
      delay: (ms, callback) => this.later(ms, callback),
      dice,
      env,
      write: (text) => this.#dead || log.take(name, text),
      send: calls.send.bind(calls, this),
    });
  }

  get label(): string {
    return `${this.name} #${this.id}`;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Plans something in this container: not when it is dead, and only while it runs. @returns takes the plan back */
  later(ms: number, callback: () => void): () => void {
    let planned: (() => void) | undefined = callback;
    const cancel = this.#world.scheduler.after(ms, () => this.#wake(() => planned?.()));
    return () => {
      planned = undefined;
      cancel();
    };
  }

  run(payload: string, awsRequestId: string, timeoutMs: number): Promise<Invocation> {
    const { scheduler, freshAt } = this.#world;
    if (scheduler.micros - this.#ranAt > REST_MICROS) freshAt.set(this.name, scheduler.micros);
    this.#ranAt = scheduler.micros;
    const endsAt = scheduler.micros + timeoutMs * 1000;
    return new Promise((resolve) => {
      const cancel = scheduler.after(timeoutMs, () => this.kill('Task timed out'));
      const end = (invocation: Invocation): void => {
        if (this.#end !== end) return;
        cancel();
        this.#end = undefined;
        resolve(invocation);
      };
      this.#end = end;
      for (const callback of this.#frozen.splice(0)) this.later(0, callback);
      const context = {
        awsRequestId,
        functionName: this.name,
        getRemainingTimeInMillis: () => Math.floor((endsAt - scheduler.micros) / 1000),
      };
      // The bundle of a function exports its handler.
      const { handler } = this.#program.exports as { readonly handler: Handler };
      // As JSON, as it comes in Lambda, and so that nobody shares an object with the world.
      const answer = this.#program.enter(() => handler(JSON.parse(payload), context));
      answer.then(
        (value) => end({ outcome: 'answer', payload: JSON.parse(JSON.stringify(value ?? null)) }),
        (error: unknown) =>
          end({ outcome: 'error', message: `${Object(error).name}: ${Object(error).message}` }),
      );
    });
  }

  /** Nothing that it waits for comes any more. */
  kill(why: string): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#world.history.add('kill', `${this.label} ${why}`);
    this.#end?.({ outcome: 'error', message: why });
  }

  #wake(callback: () => void): void {
    if (this.#dead) return;
    if (this.#end === undefined) this.#frozen.push(callback);
    else callback();
  }
}
