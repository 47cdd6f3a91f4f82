import { type Envelope, type Outlet, RefusedError } from '../src/domain/channel.ts';
import type { Change, Notification } from '../src/domain/notification.ts';
import type { Ports } from '../src/domain/notifier.ts';

/** What happens to the next send or save. */
export type Luck = 'well' | 'refused' | 'unreachable' | 'crash after it' | 'crash before it';

/** An outlet and a table in memory, with faults. */
export class Mailbox {
  readonly sent: Envelope[] = [];
  /** How many messages were sent when it first was SENT. */
  sentWhenMarked: number | undefined;
  readonly events: string[] = [];
  stored: Notification | undefined;
  /** The faults of sends and of saves, in order; none once they are used up. */
  sends: Luck[] = [];
  saves: Luck[] = [];
  /** What happens while an attempt waits for another one. */
  meanwhile: () => unknown = () => undefined;

  readonly outlet: Outlet = {
    send: async (envelope) => {
      const luck = this.sends.shift() ?? 'well';
      if (luck === 'refused') throw new RefusedError('no such mailbox');
      if (luck === 'unreachable' || luck === 'crash before it') throw new Error('no route to host');
      this.sent.push(envelope);
      if (luck === 'crash after it') throw new Error('the answer was lost');
      return `provider-${this.sent.length}`;
    },
  };

  readonly ports: Ports = {
    channel: 'smtp',
    outlet: this.outlet,
    save: async (change, from) => {
      const luck = this.saves.shift() ?? 'well';
      if (luck === 'crash before it') throw new Error('the table is away');
      const saved = this.save(change, from);
      if (luck === 'crash after it') throw new Error('the answer of the table was lost');
      return saved;
    },
    lookAgain: async () => {
      jest.setSystemTime(Date.now() + 1_000);
      await this.meanwhile();
      return this.stored;
    },
  };

  private save({ notification, events }: Change, from: Notification | undefined) {
    if (this.stored?.version !== from?.version) return { outcome: 'refused', current: this.stored } as const;
    this.stored = notification;
    this.events.push(...events.map(({ type }) => type));
    if (notification.status === 'SENT') this.sentWhenMarked ??= this.sent.length;
    return { outcome: 'written' } as const;
  }
}
