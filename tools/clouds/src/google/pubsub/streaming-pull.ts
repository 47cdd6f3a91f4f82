import { type Fields, integer, list, refuseUnknown, text } from './fields.ts';
import { ACK_DEADLINE_SECONDS } from './limits.ts';
import { sizeOf } from './message.ts';
import { type CallContext, checkDeadline, checkPulled, showDeliveries } from './operations.ts';
import { readName } from './resource-name.ts';
import { invalidArgument } from './status.ts';
import type { Subscription } from './subscription.ts';

const KNOWN = [
  'subscription',
  'ackIds',
  'modifyDeadlineSeconds',
  'modifyDeadlineAckIds',
  'streamAckDeadlineSeconds',
  'clientId',
  'maxOutstandingMessages',
  'maxOutstandingBytes',
  'protocolVersion',
];

/** What one answer may hold. */
const RESPONSE_BYTES = 10_000_000;
const RESPONSE_MESSAGES = 1_000;

/**
 * One stream of a receiver: it gets messages as they come, as long as it has not too many that are not settled.
 * Source: https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest
 */
export class StreamingPull {
  readonly #context: CallContext;
  readonly #send: (response: Fields) => void;
  readonly #outstanding = new Map<string, number>();
  #subscription: Subscription | undefined;
  #stopReceiving: (() => void) | undefined;
  #deadlineSeconds = 0;
  #maxMessages = Infinity;
  #maxBytes = Infinity;

  constructor(context: CallContext, send: (response: Fields) => void) {
    this.#context = context;
    this.#send = send;
  }

  get subscription(): Subscription | undefined {
    return this.#subscription;
  }

  /** @throws PubSubError that ends the stream */
  receive(request: Fields): void {
    refuseUnknown('StreamingPullRequest', request, KNOWN);
    if (this.#subscription) this.#checkFollowing(request);
    else this.#begin(request);
    const deadline = integer(request, 'streamAckDeadlineSeconds');
    if (deadline !== 0) this.#deadlineSeconds = this.#checkStreamDeadline(deadline);
    this.#settle(request);
    this.#stopReceiving ??= this.#subscription?.onReady(() => this.#fill());
  }

  /** What is not settled is left until its deadlines pass. */
  stop(): void {
    this.#stopReceiving?.();
  }

  #begin(request: Fields): void {
    this.#subscription = this.#context.broker.subscription(readName(request.subscription, 'subscriptions'));
    checkPulled(this.#subscription);
    this.#checkStreamDeadline(integer(request, 'streamAckDeadlineSeconds'));
    // Zero and less: no limit.
    this.#maxMessages = Math.max(0, integer(request, 'maxOutstandingMessages')) || Infinity;
    this.#maxBytes = Math.max(0, integer(request, 'maxOutstandingBytes')) || Infinity;
  }

  #checkFollowing(request: Fields): void {
    for (const name of ['subscription', 'clientId'])
      if (text(request, name) !== '')
        throw invalidArgument(`${name} is set in a request that is not the first.`);
  }

  #checkStreamDeadline(seconds: number): number {
    const { minimum, maximum } = ACK_DEADLINE_SECONDS;
    if (seconds < minimum || seconds > maximum)
      throw invalidArgument(`stream_ack_deadline_seconds must be between ${minimum} and ${maximum}.`);
    return seconds;
  }

  #settle(request: Fields): void {
    const ids = list(request, 'modifyDeadlineAckIds').map(String);
    const deadlines = list(request, 'modifyDeadlineSeconds').map(Number);
    if (ids.length !== deadlines.length)
      throw invalidArgument('modify_deadline_seconds and modify_deadline_ack_ids differ in length.');
    this.#subscription?.acknowledge(list(request, 'ackIds').map(String));
    for (const [index, id] of ids.entries())
      this.#subscription?.modifyAckDeadline([id], checkDeadline(deadlines[index] ?? 0));
  }

  #fill(): void {
    const subscription = this.#subscription;
    if (!subscription || this.#context.broker.isFailing) return;
    for (const ackId of this.#outstanding.keys())
      if (!subscription.isOut(ackId)) this.#outstanding.delete(ackId);
    const held = [...this.#outstanding.values()].reduce((sum, bytes) => sum + bytes, 0);
    const messages = Math.min(RESPONSE_MESSAGES, this.#maxMessages - this.#outstanding.size);
    const bytes = Math.min(RESPONSE_BYTES, this.#maxBytes - held);
    if (messages <= 0 || bytes <= 0) return;
    const deliveries = subscription.take({ messages, bytes, deadlineSeconds: this.#deadlineSeconds });
    if (deliveries.length === 0) return;
    for (const { ackId, message } of deliveries) this.#outstanding.set(ackId, sizeOf(message));
    this.#send({
      ...showDeliveries(deliveries),
      subscriptionProperties: { messageOrderingEnabled: subscription.settings.ordered },
    });
    subscription.wake();
  }
}
