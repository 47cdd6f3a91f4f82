import type { Message } from './message.ts';

/** A message with its address. */
export interface Envelope extends Message {
  readonly to: string;
  /**
   * The same on every attempt, so that a mail server can drop a second copy (RFC 5322, section 3.6.4). SES replaces it:
   * https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
   */
  readonly messageId: string;
}

/** A way out of the platform. */
export interface Outlet {
  /**
   * Hands the message to the provider.
   *
   * @param remainingMs how much time is left, in milliseconds; nothing is sent when that may be too little
   * @returns the provider's id of the message
   * @throws RefusedError when the provider will never take it; anything else may work later
   */
  send(envelope: Envelope, remainingMs: () => number): Promise<string>;
}

/** Thrown when the provider refuses a message for good, e.g. because no such mailbox exists. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
