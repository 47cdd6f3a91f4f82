import type { Delay } from './running.ts';
import { inContext } from './storage.ts';

type Callback = (...values: unknown[]) => void;

/** What `setTimeout` returns. */
class Timer {
  cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  /** What keeps a process alive is of no meaning here. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

interface PauseOptions {
  readonly signal?: AbortSignal;
}

/** Node.js's timers on virtual time. A callback goes on in the context in which it was planned, as with the real ones. */
export function timersOn(delay: Delay) {
  const plan = (ms: number, callback: Callback, values: unknown[]): Timer => {
    const bound = inContext(callback);
    return new Timer(delay(ms, () => bound(...values)));
  };
  const atLeast = (ms: number | undefined): number => Math.max(1, Number(ms) || 1);

  const setTimeout = (callback: Callback, ms?: number, ...values: unknown[]): Timer =>
    plan(atLeast(ms), callback, values);
  const setImmediate = (callback: Callback, ...values: unknown[]): Timer => plan(0, callback, values);
  const setInterval = (callback: Callback, ms?: number, ...values: unknown[]): Timer => {
    const timer = new Timer(() => undefined);
    const again = (): void => {
      timer.cancel = plan(atLeast(ms), () => {
        again();
        callback(...values);
      }, []).cancel;
    };
    again();
    return timer;
  };
  const clear = (timer: Timer | undefined): void => timer?.cancel?.();

  const pause = <T>(ms: number | undefined, value: T, { signal }: PauseOptions = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const end = (settle: () => void) => () => {
        cancel();
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const abort = end(() =>
        reject(
          Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }),
        ),
      );
      const cancel = delay(
        atLeast(ms),
        end(() => resolve(value)),
      );
      signal?.addEventListener('abort', abort, { once: true });
    });

  const promises = {
    setTimeout: pause,
    setImmediate: <T>(value: T): Promise<T> => new Promise((resolve) => delay(0, () => resolve(value))),
  };
  return {
    ...{ setTimeout, setInterval, setImmediate },
    ...{ clearTimeout: clear, clearInterval: clear, clearImmediate: clear },
    promises,
  };
}
