import { WELL_WITHIN_MS, webhookFigures, webhookFindings } from '../src/checks/webhooks.ts';
import type { WebhookEvidence } from '../src/evidence.ts';
import type { ReceivedEvent } from '../src/subscriber.ts';
import type { Arrival, ReceiverKind } from '../src/webhook-receivers.ts';

const noon = Date.parse('2026-11-24T12:00:00.000Z');

const event = (id: string, type: string, subject = 'o1'): ReceivedEvent => ({
  ...{ id, type, source: 'orderly/orders', subject, sequence: 1, body: '' },
  time: new Date(noon).toISOString(),
});

const published = [
  event('e1', 'orderly.order.placed.v1'),
  event('e2', 'orderly.order.confirmed.v1'),
  event('s1', 'orderly.stock.reserved.v1'),
  event('d1', 'orderly.webhook-endpoint.disabled.v1', 'gone'),
];

const arrival = (eventId: string, more: Partial<Arrival> = {}): Arrival => ({
  ...{ eventId, at: noon + 1_000, answer: 200, isSigned: true },
  ...more,
});

function webhook(kind: ReceiverKind, more: Partial<WebhookEvidence> = {}): WebhookEvidence {
  return {
    ...{ kind, endpointId: kind, endpoint: { status: 'ENABLED' } },
    arrivals: [arrival('e1'), arrival('e2')],
    deliveries: ['e1', 'e2'].map((eventId) => ({ eventId, status: 'DELIVERED', attempts: 1 })),
    ...more,
  };
}

const dead = webhook('dead', {
  arrivals: [],
  deliveries: [
    { eventId: 'e1', status: 'FAILED', attempts: 17 },
    { eventId: 'e2', status: 'PENDING', attempts: 3 },
  ],
});

const disabledAt = new Date(noon + 2_000).toISOString();
const gone = (more: Partial<WebhookEvidence> = {}) =>
  webhook('gone', {
    endpoint: { status: 'DISABLED', disabledReason: 'GONE', disabledAt },
    arrivals: [arrival('e1'), arrival('e2', { answer: 410 })],
    deliveries: [{ eventId: 'e1', status: 'DELIVERED', attempts: 1 }],
    ...more,
  });

const found = (...webhooks: readonly WebhookEvidence[]) =>
  webhookFindings(published, webhooks).map(({ harm, text }) => `${harm}: ${text.replace('Webhooks: ', '')}`);

it('Nothing is found where every endpoint got what it should', () => {
  const flapping = webhook('flapping', {
    arrivals: [
      arrival('e1', { answer: 500 }),
      arrival('e2', { answer: 'reset' }),
      arrival('e1'),
      arrival('e2'),
    ],
  });
  expect(found(webhook('well'), dead, webhook('slow'), flapping, gone())).toEqual([]);
});

it.each(['well', 'slow', 'flapping'] as const)(
  'An event that the %s endpoint has not accepted is lost',
  (kind) => {
    const arrivals = [arrival('e1'), arrival('e2', { answer: 500 })];
    const deliveries = [{ eventId: 'e1', status: 'DELIVERED', attempts: 1 }];
    expect(found(webhook(kind, { arrivals, deliveries }))).toEqual([
      `lost: the ${kind} endpoint has not got orderly.order.confirmed.v1 e2`,
    ]);
  },
);

it('A request without a signature that verifies is found', () => {
  const arrivals = [arrival('e1'), arrival('e2', { isSigned: false })];
  expect(found(webhook('slow', { arrivals }))).toEqual(['doubled: e2 came to the slow endpoint unsigned']);
});

it('A delivery that is DELIVERED and that its receiver has not accepted is found', () => {
  const deliveries = [
    { eventId: 'e1', status: 'DELIVERED', attempts: 1 },
    { eventId: 'e2', status: 'PENDING', attempts: 1 },
  ];
  expect(found({ ...dead, deliveries })).toEqual([
    'lost: e1 is DELIVERED, and the dead endpoint has not accepted it',
  ]);
});

it('An event without a delivery to the dead endpoint is found', () => {
  expect(found({ ...dead, deliveries: dead.deliveries.slice(1) })).toEqual([
    'lost: no delivery of orderly.order.placed.v1 e1 to the dead endpoint',
  ]);
});

it('The well endpoint gets its events late when more than 5% take longer than the bound', () => {
  const at = noon + WELL_WITHIN_MS + 1;
  expect(found(webhook('well', { arrivals: [arrival('e1'), arrival('e2', { at })] }))).toEqual([
    expect.stringMatching(/^late: 5% of the events/),
  ]);
  expect(found(webhook('slow', { arrivals: [arrival('e1'), arrival('e2', { at })] }))).toEqual([]);
});

it('An endpoint that answered 410 must be DISABLED as GONE', () => {
  expect(found(gone({ endpoint: { status: 'ENABLED' } }))).toEqual([
    'inconsistent: the gone endpoint is ENABLED undefined',
  ]);
});

it('A disabled endpoint gets nothing but the ten requests under way', () => {
  const late = (count: number) => [
    arrival('e1', { answer: 410 }),
    ...Array.from({ length: count }, () => arrival('e2', { answer: 410, at: noon + 2_001 })),
  ];
  const deliveries: WebhookEvidence['deliveries'] = [];
  expect(found(gone({ arrivals: late(10), deliveries }))).toEqual([]);
  expect(found(gone({ arrivals: late(11), deliveries }))).toEqual([
    'doubled: 11 requests came to the gone endpoint once it was DISABLED',
  ]);
});

it('An endpoint that is disabled without a reason, or without its event, is found', () => {
  expect(found(webhook('slow', { endpoint: { status: 'DISABLED' } }))).toEqual([
    'inconsistent: the slow endpoint is DISABLED',
  ]);
  expect(webhookFindings(published.slice(0, 3), [gone()]).map(({ harm }) => harm)).toEqual(['lost']);
});

it('The figures count deliveries, attempts, repeats and the delays of first arrivals', () => {
  const well = webhook('well', { arrivals: [arrival('e1'), arrival('e1'), arrival('e2')] });
  expect(webhookFigures(published, [well, dead])).toEqual({
    ...{ deliveries: 4, attempts: 22, repeats: 1 },
    delays: [1_000, 1_000],
  });
});
