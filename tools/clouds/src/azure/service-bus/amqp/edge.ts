import type { Clock } from '@orderly/aws/clock';
import type { Connection, EventContext, Message, Receiver, Sender } from 'rhea';
import type { Broker } from '../broker.ts';
import { asServiceBusError, notAllowed } from '../errors.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import type { MessageQueue } from '../message-queue.ts';
import type { SessionLock } from '../sessions.ts';
import { acceptToken, manage, respondError } from './management.ts';
import { readTransfer } from './message.ts';
import { ReceiverLink } from './receiver-link.ts';
import { refuse, reject, setMaxMessageSize } from './rhea.ts';
import { acceptSession, SESSION_FILTER } from './session-attach.ts';

const CBS = '$cbs';
const MANAGEMENT = /^(.+)\/\$management$/i;

/** What a connection has. */
interface Peer {
  /** Where answers to requests go, by link. */
  readonly replies: Set<Sender>;
  readonly receivers: Map<Sender, ReceiverLink>;
  /** Receivers that wait for a session, with what ends the wait. */
  readonly waiting: Map<Sender, () => void>;
}

/** The edge of the broker that speaks AMQP 1.0. */
export class AmqpEdge {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #peers = new Map<Connection, Peer>();

  constructor(broker: Broker, clock: Clock) {
    this.#broker = broker;
    this.#clock = clock;
  }

  /** A client wants to receive. */
  onSenderOpen(sender: Sender): void {
    const { replies } = this.#peer(sender.connection);
    const address = String(sender.source?.address);
    try {
      this.#broker.check();
      const [, entity] = MANAGEMENT.exec(address) ?? [];
      if (entity !== undefined) this.#broker.checkPath(entity);
      if (address === CBS || entity !== undefined) {
        sender.set_source({ address });
        sender.set_target({ address: sender.target?.address ?? sender.name });
        replies.add(sender);
      } else this.#receive(sender, this.#broker.queue(address));
    } catch (error) {
      refuse(sender, asServiceBusError(error));
    }
  }

  /** A client wants to send. */
  onReceiverOpen(receiver: Receiver): void {
    const address = String(receiver.target?.address);
    try {
      this.#broker.check();
      const [, entity] = MANAGEMENT.exec(address) ?? [];
      if (entity !== undefined) this.#broker.checkPath(entity);
      else if (address !== CBS) this.#broker.intake(address);
      receiver.set_target({ address });
      setMaxMessageSize(receiver, MESSAGE_BYTES);
    } catch (error) {
      refuse(receiver, asServiceBusError(error));
    }
  }

  onMessage({ receiver, message, delivery, format }: EventContext & { readonly format?: number }): void {
    if (receiver === undefined || message === undefined || delivery === undefined) return;
    const address = String(receiver.target?.address);
    const [, entity] = MANAGEMENT.exec(address) ?? [];
    if (address === CBS || entity !== undefined) {
      this.#reply(
        receiver.connection,
        message,
        entity === undefined ? acceptToken(message) : this.#manage(entity, message),
      );
      delivery.accept();
      return;
    }
    try {
      this.#broker.publish(address, readTransfer(message as Message | Buffer, format));
      delivery.accept();
    } catch (error) {
      reject(delivery, asServiceBusError(error));
    }
  }

  onSettled({ sender, delivery }: EventContext): void {
    if (sender !== undefined && delivery !== undefined) this.#receiverOf(sender)?.settle(delivery);
  }

  onFlow(sender: Sender): void {
    this.#receiverOf(sender)?.pump();
  }

  onDraining(sender: Sender): void {
    const receiver = this.#receiverOf(sender);
    if (receiver) receiver.drain();
    else sender.set_drained(true);
  }

  /** Ends what belongs to a connection, or to one of its sessions or links. */
  onEnd({ connection, session, sender }: EventContext): void {
    const { replies, receivers, waiting } = this.#peer(connection);
    const isEnded = (each: Sender): boolean =>
      sender ? each === sender : session === undefined || each.session === session;
    for (const each of [...replies].filter(isEnded)) replies.delete(each);
    for (const [each, cancel] of [...waiting]) if (isEnded(each)) cancel();
    for (const [each, receiver] of [...receivers]) {
      if (!isEnded(each)) continue;
      receivers.delete(each);
      receiver.end();
    }
  }

  onDisconnected(context: EventContext): void {
    this.onEnd(context);
    this.#peers.delete(context.connection);
  }

  closeAll(): void {
    for (const connection of [...this.#peers.keys()]) {
      this.onDisconnected({ connection } as EventContext);
      (connection as unknown as { socket: { destroy(): void } }).socket.destroy();
    }
  }

  #receive(sender: Sender, queue: MessageQueue): void {
    const filter: unknown = sender.source?.filter;
    const wantsSession = Object.hasOwn(Object(filter), SESSION_FILTER);
    if (queue.requiresSession && !wantsSession)
      throw notAllowed(
        `It is not possible for an entity that requires sessions to create a non-sessionful message receiver: ${queue.path}`,
      );
    if (!queue.requiresSession && wantsSession)
      throw notAllowed(
        `A sessionful message receiver cannot be created on an entity that does not require sessions: ${queue.path}`,
      );
    const { receivers, waiting } = this.#peer(sender.connection);
    const start = (session: SessionLock | undefined): void => {
      receivers.set(sender, new ReceiverLink(sender, { broker: this.#broker, queue, session }));
    };
    if (!wantsSession) {
      sender.set_source({ address: String(sender.source.address) });
      start(undefined);
      return;
    }
    const cancel = acceptSession(sender, {
      queue,
      clock: this.#clock,
      accepted: (lock) => {
        waiting.delete(sender);
        start(lock);
      },
      lost: () => receivers.get(sender)?.loseSession(),
      ended: () => waiting.delete(sender),
    });
    if (cancel) waiting.set(sender, cancel);
  }

  #manage(entity: string, request: Message): object {
    try {
      return manage(this.#broker, entity, request);
    } catch (error) {
      return respondError(request, asServiceBusError(error));
    }
  }

  #reply(connection: Connection, { reply_to }: Message, response: object): void {
    for (const sender of this.#peer(connection).replies)
      if (sender.target?.address === reply_to || sender.name === reply_to) sender.send(response as Message);
  }

  #receiverOf(sender: Sender): ReceiverLink | undefined {
    return this.#peers.get(sender.connection)?.receivers.get(sender);
  }

  #peer(connection: Connection): Peer {
    const known = this.#peers.get(connection);
    if (known !== undefined) return known;
    const peer: Peer = { replies: new Set(), receivers: new Map(), waiting: new Map() };
    this.#peers.set(connection, peer);
    return peer;
  }
}
