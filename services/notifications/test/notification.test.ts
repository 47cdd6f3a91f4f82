import { NotificationFailed, NotificationSent, parse, type Schema } from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import {
  begin,
  type Change,
  giveBack,
  markFailed,
  markSent,
  type Notification,
} from '../src/domain/notification.ts';
import { noon, orderId } from './builders.ts';

const after = (ms: number) => new Date(noon.getTime() + ms);
const attempt = (startsAt: Date) => ({
  attemptId: `attempt at ${startsAt.toISOString()}`,
  startsAt,
  lastsMs: 5_000,
});
const about = { orderId: orderId(), kind: 'order-confirmed', channel: 'smtp' } as const;

function begun(current?: Notification, at = noon, changes = {}): Change {
  const beginning = begin(current, { ...about, ...changes }, attempt(at));
  if (beginning.outcome !== 'changed') throw new Error(`Not begun: ${beginning.outcome}`);
  return beginning;
}

function expectContract(schema: Schema<unknown>, [event]: Change['events']): void {
  if (event === undefined) throw new Error('There is no event');
  expect(parse(schema, seal(event, { subject: 'any', sequence: 2 }))).toMatchObject({ outcome: 'valid' });
}

const pending = begun().notification;

describe('begin', () => {
  it('makes the first attempt, and publishes nothing', () => {
    const { notification, events } = begun();

    expect(notification).toEqual({
      notificationId: `${about.orderId}.order-confirmed`,
      ...about,
      status: 'PENDING',
      version: 1,
      attempts: 1,
      createdAt: '2026-01-31T12:00:00.000Z',
      attemptId: 'attempt at 2026-01-31T12:00:00.000Z',
      attemptEndsAt: '2026-01-31T12:00:05.000Z',
    });
    expect(events).toEqual([]);
  });

  it.each([
    ['SENT', markSent(pending, '<1@mail>', noon)],
    ['FAILED', markFailed(pending, 'no such mailbox', noon)],
  ])('never begins again after %s, however late', (_status, { notification }) => {
    expect(begin(notification, about, attempt(after(1_000_000)))).toEqual({ outcome: 'unchanged' });
  });

  it('refuses while another attempt is at work', () => {
    expect(begin(pending, about, attempt(after(4_999)))).toEqual({ outcome: 'busy' });
  });

  it('begins again once the time of the attempt before is over', () => {
    const { notification, events } = begun(pending, after(5_000));

    expect(notification).toEqual({
      ...pending,
      version: 2,
      attempts: 2,
      attemptId: 'attempt at 2026-01-31T12:00:05.000Z',
      attemptEndsAt: '2026-01-31T12:00:10.000Z',
    });
    expect(events).toEqual([]);
  });

  it('begins again with the channel that is configured now', () => {
    const { notification } = begun(pending, after(5_000), { channel: 'ses' });

    expect(notification).toMatchObject({ channel: 'ses', createdAt: pending.createdAt });
  });
});

it("SENT has the provider's message id, and is published once", () => {
  const { notification, events } = markSent(pending, '<1@mail>', after(100));

  const sent = { messageId: '<1@mail>', sentAt: '2026-01-31T12:00:00.100Z' };
  expect(notification).toEqual({ ...pending, status: 'SENT', version: 2, ...sent });
  expect(events).toEqual([
    NotificationSent.of({ ...about, notificationId: pending.notificationId, ...sent }),
  ]);
  expectContract(NotificationSent.schema, events);
});

it('FAILED has the reason, and is published once', () => {
  const { notification, events } = markFailed(pending, 'no such mailbox', after(100));

  const failed = { reason: 'no such mailbox', failedAt: '2026-01-31T12:00:00.100Z' };
  expect(notification).toEqual({ ...pending, status: 'FAILED', version: 2, ...failed });
  expect(events).toEqual([
    NotificationFailed.of({ ...about, notificationId: pending.notificationId, ...failed }),
  ]);
  expectContract(NotificationFailed.schema, events);
});

it('an attempt that was given back may be repeated at once', () => {
  const { notification, events } = giveBack(pending, after(100));

  expect(notification).toMatchObject({ status: 'PENDING', version: 2, attempts: 1 });
  expect(events).toEqual([]);
  expect(begun(notification, after(100)).notification).toMatchObject({ version: 3, attempts: 2 });
});
