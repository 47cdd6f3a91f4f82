import { type Loaded, load, type Program } from '../sandbox/sandbox.ts';
import type { Caller } from './calls.ts';
import { Dice } from './dice.ts';
import { REGION } from './region.ts';
import { EPOCH_MS } from './scheduler.ts';
import type { World } from './world.ts';

export interface GuestOptions {
  /** No other guest's. */
  readonly name: string;
  readonly program: Program;
  readonly fetch?: (...call: never[]) => unknown;
  readonly files?: Map<string, string>;
}

/** A program that is no function: it runs on somebody's machine, with that person's credentials. */
export class Guest implements Caller {
  readonly name: string;
  readonly #world: World;
  readonly #program: Loaded;
  #dead = false;
  /** Called when it is killed. */
  onKill: () => void = () => undefined;

  constructor(world: World, { name, program, fetch, files }: GuestOptions) {
    this.#world = world;
    this.name = name;
    this.#program = load(program, {
      nowMs: () => EPOCH_MS + world.scheduler.micros / 1000,
      delay: (ms, callback) => this.later(ms, callback),
      dice: new Dice(world.seed, `guest ${name}`),
      env: { ...ENVIRONMENT },
      write: () => undefined,
      send: world.calls.send.bind(world.calls, this),
      ...(fetch && { fetch }),
      ...(files && { files }),
    });
  }

  /** Runs something of the program with what it exports. */
  run<Exports, T>(work: (exports: Exports) => T): T {
    return this.#program.enter(() => work(this.#program.exports as Exports));
  }

  get label(): string {
    return this.name;
  }

  get dead(): boolean {
    return this.#dead;
  }

  later(ms: number, callback: () => void): () => void {
    return this.#world.scheduler.after(ms, () => this.#dead || callback());
  }

  kill(why: string): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#world.history.add('kill', `${this.name} ${why}`);
    this.onKill();
  }
}

const ENVIRONMENT = {
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'simulated',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  // What the publisher's code logs is for functions.
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};
