import { Dice } from './dice.ts';
import { type Faults, NO_FAULTS } from './faults.ts';
import { History, type Line } from './history.ts';
import { Scheduler } from './scheduler.ts';

export interface ConditionsOptions {
  readonly seed: number;
  readonly faults: Faults;
  /** Gets every line of the history. */
  readonly listener?: (line: Line) => void;
}

export interface ApiAnswer {
  /** Method and path. */
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

/** What everything in a world shares: time, chance, the history, and what goes wrong. */
export class Conditions {
  readonly seed: number;
  readonly dice: Dice;
  readonly scheduler: Scheduler;
  readonly history: History;
  /** How often each kind of fault has come. */
  readonly faultCounts = new Map<string, number>();
  /** Called with each answer of an API. */
  onAnswer: (answer: ApiAnswer) => void = () => undefined;
  /** When a container of a function last began to run, at first or after a minute or more of rest, in microseconds. */
  readonly freshAt = new Map<string, number>();
  /** The URLs of queues whose policy lets nobody in. */
  readonly forbidden = new Set<string>();
  /** The URLs of queues that take nothing for now. */
  readonly failing = new Set<string>();
  /** The function that is killed after its next SendMessageBatch, each time. */
  killOnSend: string | undefined;
  #faults: Faults;

  constructor({ seed, faults, listener }: ConditionsOptions) {
    this.seed = seed;
    this.#faults = faults;
    this.dice = new Dice(seed, 'world');
    this.scheduler = new Scheduler(new Dice(seed, 'ties'));
    this.history = new History(this.scheduler, listener);
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** Nothing goes wrong any more. */
  calm(): void {
    this.#faults = NO_FAULTS;
  }

  /** Notes a fault that has come. */
  fault(kind: string, what: string): void {
    this.faultCounts.set(kind, (this.faultCounts.get(kind) ?? 0) + 1);
    this.history.add('fault', `${kind} ${what}`);
  }
}
