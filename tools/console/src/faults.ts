import { randomUUID } from 'node:crypto';
import type { SqsService } from '@orderly/aws/sqs/service';
import type { FunctionFault } from '@orderly/local/service-messages';
import * as v from 'valibot';
import type { ActiveFault, Fault } from './api.ts';
import { readInput } from './http/input.ts';
import { badRequest } from './http/problem.ts';

/** How long a fault of the console may last. */
const LONGEST_SECONDS = 600;
const LONGEST_DELAY_MS = 60_000;

const whole = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const kinds = ['fail-function', 'fail-queue', 'duplicate-queue'] as const;
const delayKinds = ['delay-function', 'delay-queue'] as const;

const newFault = v.object({
  seconds: whole(LONGEST_SECONDS),
  fault: v.union([
    v.object({ kind: v.picklist(kinds), name: v.string() }),
    v.object({ kind: v.picklist(delayKinds), name: v.string(), delayMs: whole(LONGEST_DELAY_MS) }),
  ]),
});

interface Running extends Omit<ActiveFault, 'struck'> {
  readonly strikes: () => number;
  readonly end: () => void;
}

export interface FaultTargets {
  /** Absent where the queues are not in this process. */
  sqs(): SqsService | undefined;
  /** Names of the functions that run here. */
  functions(): readonly string[];
  /** Replaces the faults of all functions. */
  setFunctionFaults(faults: readonly FunctionFault[]): void;
}

/** Faults that a person switches on to see what the platform does; each ends by itself. */
export class FaultSwitch {
  readonly #targets: FaultTargets;
  readonly #running = new Map<string, Running>();
  readonly #functionStrikes = new Map<string, number>();

  constructor(targets: FaultTargets) {
    this.#targets = targets;
  }

  active(): readonly ActiveFault[] {
    return [...this.#running.values()].map(({ id, fault, until, strikes }) => ({
      ...{ id, fault, until },
      struck: strikes(),
    }));
  }

  /** A function's invocation has met its fault. */
  struck(functionName: string): void {
    this.#functionStrikes.set(functionName, (this.#functionStrikes.get(functionName) ?? 0) + 1);
  }

  /** For a process of functions that has just started. */
  resend(): void {
    this.#sendFunctionFaults();
  }

  /**
   * @param input `{ fault, seconds }`
   * @throws Refusal for a function or queue that is not there
   */
  start(input: unknown): ActiveFault {
    const { fault, seconds } = readInput(newFault, input);
    this.#check(fault);
    const id = randomUUID();
    const until = Date.now() + seconds * 1_000;
    const { strikes, end: endStrikes } = this.#begin(fault);
    const timer = setTimeout(() => this.clear(id), seconds * 1_000).unref();
    const end = (): void => {
      clearTimeout(timer);
      endStrikes();
    };
    this.#running.set(id, { id, fault, until, strikes, end });
    this.#sendFunctionFaults();
    return { id, fault, until, struck: 0 };
  }

  /** @returns how many have ended */
  clear(id?: string): number {
    const ended = [...this.#running.values()].filter((each) => id === undefined || each.id === id);
    for (const each of ended) {
      each.end();
      this.#running.delete(each.id);
    }
    this.#sendFunctionFaults();
    return ended.length;
  }

  #check({ kind, name }: Fault): void {
    const known = kind.endsWith('function')
      ? this.#targets.functions()
      : (this.#targets.sqs()?.queues() ?? []).map((queue) => queue.name);
    if (!known.includes(name)) throw badRequest(`There is no ${kind.split('-')[1]} ${name} here.`);
  }

  #begin(fault: Fault): Pick<Running, 'strikes' | 'end'> {
    if (fault.kind.endsWith('function')) {
      const before = this.#functionStrikes.get(fault.name) ?? 0;
      return {
        strikes: () => (this.#functionStrikes.get(fault.name) ?? 0) - before,
        end: () => undefined,
      };
    }
    const disturbance = this.#targets.sqs()?.faults.disturb(fault.name, {
      fail: fault.kind === 'fail-queue',
      delayMs: fault.kind === 'delay-queue' ? fault.delayMs : 0,
      duplicate: fault.kind === 'duplicate-queue',
    });
    return { strikes: () => disturbance?.struck ?? 0, end: () => disturbance?.end() };
  }

  #sendFunctionFaults(): void {
    const faults = [...this.#running.values()].map(({ fault }) => fault);
    this.#targets.setFunctionFaults(
      faults.flatMap((fault): FunctionFault[] => {
        if (fault.kind === 'fail-function') return [{ functionName: fault.name, fail: true }];
        if (fault.kind === 'delay-function') return [{ functionName: fault.name, delayMs: fault.delayMs }];
        return [];
      }),
    );
  }
}
