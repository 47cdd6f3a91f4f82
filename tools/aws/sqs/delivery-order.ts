import type { Message } from './message.ts';

/** The result for the next message: handed out, or dead-lettered instead. */
export type HandOut = (message: Message) => 'handed out' | 'moved away';

/**
 * Decides which visible message is next: here standard and FIFO queues differ. The queue owns the states of messages
 * and reports every change after it was made.
 */
export interface DeliveryOrder {
  arrived(message: Message): void;
  /** A delay is over. */
  delayEnded(message: Message): void;
  /** A message in flight is visible again. */
  becameVisible(message: Message): void;
  /** A receive did not reach its caller. */
  wasGivenBack(message: Message): void;
  /** A message was handed out. */
  wentInFlight(message: Message): void;
  /** A message was deleted, expired, or moved away. Its state is still the one that it had. */
  left(message: Message): void;
  /** Hands out up to `maximum` messages. */
  take(maximum: number, handOut: HandOut): void;
}
