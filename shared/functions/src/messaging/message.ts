/** The invocation that a reaction runs in. */
export interface Invocation {
  /** Milliseconds until the cloud ends this invocation. */
  remainingMs(): number;
}

/** A message of a subscription as each cloud's edge hands it over. */
export interface Message {
  readonly id: string;
  readonly body: string;
  /** The subscription's queue. */
  readonly queue: string | undefined;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
}

/**
 * Handles a message; never throws.
 *
 * @param deadline aborts the calls of the cloud that are still under way
 * @returns whether it was handled: otherwise it has to be redelivered, or dead-lettered
 */
export type Handle = (
  message: Message,
  invocation: Invocation,
  deadline?: AbortSignal,
) => boolean | Promise<boolean>;
