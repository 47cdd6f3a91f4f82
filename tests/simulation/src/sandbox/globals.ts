import crypto from 'node:crypto';
import { running } from './storage.ts';
import type { timersOn } from './timers.ts';

/** May be looked at and even extended while a program loads; to call it is an error. */
export function refusing(name: string): unknown {
  const refuse = (): never => {
    throw new Error(`A simulation has no ${name}`);
  };
  // No arrow function: those cannot be constructed, and a class may extend this.
  return new Proxy(function refused() {}, {
    get: (target, key) =>
      key === 'prototype' || typeof key === 'symbol' ? Reflect.get(target, key) : refusing(`${name}.${key}`),
    apply: refuse,
    construct: refuse,
  });
}

const RealDate = Date;
const wholeMs = (): number => Math.floor(running().nowMs());

export class SimulatedDate extends RealDate {
  constructor(...values: unknown[]) {
    if (values.length === 0) super(wholeMs());
    // Whatever a Date takes.
    else super(...(values as [number]));
  }

  static override now(): number {
    return wholeMs();
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof RealDate;
  }
}

export const simulatedMath = (): Math =>
  Object.create(Math, { random: { value: () => running().dice.next() } });

/** Hashes are those of Node.js; chance is the seed's. */
export function simulatedCrypto() {
  const randomUUID = () => running().dice.uuid();
  const fill = <Bytes extends NodeJS.ArrayBufferView>(bytes: Bytes): Bytes => running().dice.fill(bytes);
  const { createHash, createHmac, timingSafeEqual, constants } = crypto;
  return {
    ...{ createHash, createHmac, timingSafeEqual, constants },
    ...{ randomUUID, randomFillSync: fill, getRandomValues: fill },
    randomBytes: (size: number) => fill(Buffer.alloc(size)),
    randomInt: (from: number, to?: number) =>
      to === undefined ? running().dice.int(0, from - 1) : running().dice.int(from, to - 1),
    webcrypto: { randomUUID, getRandomValues: fill, subtle: refusing('crypto.subtle') },
  };
}

export function abortSignalOn({ setTimeout }: ReturnType<typeof timersOn>): typeof AbortSignal {
  const RealAbortSignal = globalThis.AbortSignal;
  return class extends RealAbortSignal {
    static override timeout(ms: number): AbortSignal {
      const controller = new AbortController();
      const expire = (): void =>
        controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      setTimeout(expire, ms);
      return controller.signal;
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof RealAbortSignal;
    }
  };
}

/** What a weak reference says depends on when memory is collected. */
export class StrongRef<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  deref(): T {
    return this.#value;
  }
}

export class NeverFinalizes {
  register(): void {}
  unregister(): void {}
}
