import { setTimeout as delay } from 'node:timers/promises';

const firstMs = 1_000;
const longestMs = 60_000;

/** What was received from Service Bus. */
export interface Received {
  /** Counted from 1. */
  readonly receiveCount: number;
}

/**
 * Has a message that was not handled come again after a while: 1 s, then 2, 4 and so on up to a minute. Service Bus delivers it
 * again at once, so that without a wait all its receives would be used up within milliseconds, and an event that meets a short
 * failure would be dead-lettered. The host renews the lock of the session meanwhile.
 * https://learn.microsoft.com/en-us/azure/azure-functions/functions-bindings-error-pages#retries
 *
 * @param maxReceives after the last one nothing comes again, and there is no wait
 * @returns a function that rejects as `handle` does, later
 */
export const backingOff =
  <Message extends Received>(
    handle: (message: Message, invocationId: string) => Promise<void>,
    maxReceives: number,
    pause: (ms: number) => Promise<unknown> = delay,
  ): typeof handle =>
  async (message, invocationId) => {
    try {
      await handle(message, invocationId);
    } catch (error) {
      const { receiveCount } = message;
      if (receiveCount < maxReceives) await pause(Math.min(longestMs, firstMs * 2 ** (receiveCount - 1)));
      throw error;
    }
  };
