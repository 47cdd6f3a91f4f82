import type { Message } from './message.ts';

/** A message with its address. */
export interface Envelope extends Message {
  readonly to: string;
  /** The same on every attempt, so that a mail server can drop a second copy: RFC 5322, section 3.6.4. */
  readonly messageId: string;
}

/** A way out of the platform. */
export interface Outlet {
  /**
   * Hands the message to the provider.
   *
   * @returns what the provider calls it
   * @throws RefusedError when the provider will never take it; anything else may work later
   */
  send(envelope: Envelope): Promise<string>;
}

/** Thrown when the provider refuses a message for good, e.g. because no such mailbox exists. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
