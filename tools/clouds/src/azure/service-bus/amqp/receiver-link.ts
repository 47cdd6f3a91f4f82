import type { Delivery, Sender } from 'rhea';
import type { Broker } from '../broker.ts';
import { asServiceBusError, notImplemented, ServiceBusError } from '../errors.ts';
import type { MessageQueue } from '../message-queue.ts';
import type { SessionLock } from '../sessions.ts';
import { readProperties, writeMessage } from './message.ts';
import { answerDrains, confirm, guidBytes, refuse, room } from './rhea.ts';

/** The receiver asks for deliveries that need no settlement: it loses what it fails to process. */
const RECEIVE_AND_DELETE = 1;

/** Delivers messages of a queue, or of one session of it, to a receiver as its credit allows. */
export class ReceiverLink {
  readonly name: string;
  readonly session: SessionLock | undefined;
  readonly queue: MessageQueue;
  readonly #sender: Sender;
  readonly #broker: Broker;
  readonly #tokens = new WeakMap<Delivery, string>();
  readonly #ignore: () => void;
  #draining = false;

  constructor(
    sender: Sender,
    options: { broker: Broker; queue: MessageQueue; session: SessionLock | undefined },
  ) {
    this.name = sender.name;
    this.queue = options.queue;
    this.session = options.session;
    this.#sender = sender;
    this.#broker = options.broker;
    answerDrains(sender);
    this.#ignore = this.queue.onChange(() => this.pump());
  }

  /** Sends what there is, as far as the credit goes. */
  pump(): void {
    try {
      while (!this.#broker.failing && room(this.#sender) > 0) {
        const received = this.queue.receive(this.session);
        if (received === undefined) break;
        this.#send(received.lock.token, writeMessage(received.message));
      }
    } catch (error) {
      this.end();
      refuse(this.#sender, asServiceBusError(error));
    }
    if (!this.#draining) return;
    this.#draining = false;
    this.#sender.set_drained(true);
  }

  /** The receiver wants its credit used up now. */
  drain(): void {
    this.#draining = true;
    this.pump();
  }

  /** The receiver says what became of a message. */
  settle(delivery: Delivery): void {
    const token = this.#tokens.get(delivery);
    if (token === undefined) return;
    try {
      this.#broker.check();
      this.#settle(token, Object(delivery.remote_state));
      this.#tokens.delete(delivery);
      confirm(delivery);
    } catch (error) {
      confirm(delivery, asServiceBusError(error));
    }
  }

  /** The lock on the session has expired. */
  loseSession(): void {
    this.end();
    const message = `The session lock has expired on the session with id '${this.session?.sessionId}'.`;
    refuse(this.#sender, new ServiceBusError('com.microsoft:session-lock-lost', message));
  }

  /** Delivers nothing more, and releases the session. Messages without a session stay locked until their locks expire. */
  end(): void {
    this.#ignore();
    if (this.session) this.queue.sessions.release(this.session);
  }

  #send(token: string, encoded: Buffer): void {
    const delivery = this.#sender.send(encoded, guidBytes(token), 0);
    if (this.#sender.snd_settle_mode === RECEIVE_AND_DELETE) {
      (delivery as { settled: boolean }).settled = true;
      this.queue.complete(token);
    } else this.#tokens.set(delivery, token);
  }

  /** Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#messages */
  #settle(token: string, outcome: Readonly<Record<string, unknown>>): void {
    const kind: unknown = Object(outcome.constructor).composite_type;
    if (kind === 'accepted') this.queue.complete(token);
    else if (kind === 'released') this.queue.giveBack(token);
    else if (kind === 'modified') this.#abandon(token, outcome);
    else this.#deadLetter(token, Object(outcome.error).info);
  }

  #abandon(token: string, outcome: Readonly<Record<string, unknown>>): void {
    if (outcome.undeliverable_here === true) throw notImplemented('the deferral of messages');
    this.queue.abandon(token, readProperties(outcome.message_annotations));
  }

  #deadLetter(token: string, info: unknown): void {
    const { DeadLetterReason, DeadLetterErrorDescription, ...properties } = readProperties(info);
    const reason = DeadLetterReason?.toString();
    this.queue.deadLetter(token, { reason, description: DeadLetterErrorDescription?.toString() }, properties);
  }
}
