import { namedIn, subjectOf } from '../src/explain/about.ts';
import { Story } from '../src/explain/story.ts';
import type { Line } from '../src/world/history.ts';

const ORDER = '386bfe3d-c7c3-8212-9be2-fde047af1674';
const OTHER = '00000000-c7c3-8212-9be2-fde047af1674';
const EVENT = '019b76da-d18c-7c37-9942-da459d625b31';

const body = (orderId: string) =>
  JSON.stringify({ id: EVENT, type: 'orderly.order.placed.v1', subject: orderId, sequence: 1 });
const orderItem = (orderId: string) =>
  JSON.stringify({
    ...{ pk: { S: `ORDER#${orderId}` }, status: { S: 'PLACED' }, version: { N: '1' } },
    outbox: {
      M: {
        subject: { S: orderId },
        events: { L: [{ M: { id: { S: EVENT }, type: { S: 'orderly.order.placed.v1' } } }] },
      },
    },
  });
const product = JSON.stringify({
  ...{ pk: { S: 'PRODUCT#r-0' }, version: { N: '4' } },
  ...{ onHand: { N: '10' }, reserved: { N: '2' }, available: { N: '8' } },
});
const failures = (...ids: readonly string[]) =>
  JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

const ANSWER = JSON.stringify({ statusCode: 201, body: JSON.stringify({ status: 'PLACED', version: 1 }) });

type Told = readonly [step: number, kind: Line['kind'], text: string];

const PLACED: readonly Told[] = [
  [1, 'invoke', 'orders-sim-place-order #1 request-1'],
  [1, 'event', 'orders-sim-place-order #1 request-1 {}'],
  [2, 'fault', 'answer lost TransactWriteItems of orders-sim-place-order #1'],
  [3, 'call', 'orders-sim-place-order #1 TransactWriteItems'],
  [3, 'write', `sim-orders ${orderItem(ORDER)}`],
  [3, 'write', `sim-orders ${product}`],
  [4, 'answer', `orders-sim-place-order #1 request-1 ${ANSWER}`],
  [
    5,
    'request',
    `POST https://orders.example.com/orders 201 {"orderId":"${ORDER}","status":"PLACED","version":1}`,
  ],
];
const OF_ANOTHER: readonly Told[] = [
  [6, 'invoke', 'orders-sim-place-order #2 request-2'],
  [6, 'fault', 'throttled GetItem of orders-sim-place-order #2'],
  [7, 'write', `sim-orders ${orderItem(OTHER)}`],
  [8, 'kill', 'orders-sim-place-order #2 killed after a call'],
  [8, 'answer', 'orders-sim-place-order #2 request-2 {"outcome":"error","message":"killed after a call"}'],
];
const CONSUMED: readonly Told[] = [
  [9, 'fault', 'a service is away '],
  [10, 'invoke', 'orders-sim-publish-events #3 request-3'],
  [10, 'event', `orders-sim-publish-events #3 request-3 {"Records":["${ORDER}"]}`],
  [11, 'call', 'orders-sim-publish-events #3 SendMessageBatch'],
  [11, 'message', `sent sim-order-events--inventory.fifo message-1 0 ${body(ORDER)}`],
  [12, 'call', 'orders-sim-publish-events #3 SendMessageBatch'],
  [12, 'message', `sent sim-order-events--judge.fifo message-2 0 ${body(ORDER)}`],
  [13, 'answer', `orders-sim-publish-events #3 request-3 ${failures()}`],
  [14, 'message', 'received sim-order-events--inventory.fifo message-1 1 '],
  [14, 'invoke', 'inventory-sim-consume-order-events #4 request-4'],
  [14, 'event', `inventory-sim-consume-order-events #4 request-4 ${body(ORDER)}`],
  [15, 'kill', 'inventory-sim-consume-order-events #4 killed before a call'],
  [15, 'answer', 'inventory-sim-consume-order-events #4 request-4 {"outcome":"error","message":"killed"}'],
  [16, 'message', 'received sim-order-events--inventory.fifo message-1 2 '],
  [16, 'invoke', 'inventory-sim-consume-order-events #5 request-5'],
  [16, 'event', `inventory-sim-consume-order-events #5 request-5 ${body(ORDER)}`],
  [17, 'answer', `inventory-sim-consume-order-events #5 request-5 ${failures('message-1', 'message-9')}`],
  [18, 'message', 'dead-lettered sim-order-events--inventory.fifo message-1 5 '],
  [19, 'mail', `<${ORDER}.order-confirmed@orderly>`],
];

const linesOf = (told: readonly Told[]): readonly Line[] =>
  told.map(([step, kind, text]) => ({ at: step * 1_000_000, step, kind, text }));

function storyOf(
  told: readonly Told[],
  findings: readonly string[] = [],
  about: string = ORDER,
): readonly string[] {
  const story = new Story({ about, findings });
  for (const line of linesOf(told)) story.take(line);
  return story.text().map((line) => line.replaceAll(/ +/g, ' ').trim());
}

it('a story tells what a function wrote, and the fault that hit it before', () => {
  expect(storyOf(PLACED)).toEqual([
    '00:00:01.000 1 orders/place-order #1 begins',
    '00:00:02.000 2 orders/place-order #1 FAULT: answer lost TransactWriteItems',
    '00:00:03.000 3 orders/place-order #1 writes sim-orders: ORDER#386bfe3d, PLACED, version 1, with OrderPlaced to publish',
    '00:00:03.000 3 orders/place-order #1 writes sim-orders: PRODUCT#r-0, version 4, onHand 10, reserved 2, available 8',
    '00:00:04.000 4 orders/place-order #1 answers 201, PLACED, version 1',
    '00:00:05.000 5 a customer POST /orders: 201, PLACED, version 1',
  ]);
});

it('a story leaves out what happened to functions that worked on something else', () => {
  expect(storyOf([...PLACED, ...OF_ANOTHER])).toEqual(storyOf(PLACED));
});

it('a story follows an event through publication, kills and redelivery to the dead letters', () => {
  expect(storyOf(CONSUMED)).toEqual([
    '00:00:09.000 9 the platform INCIDENT: a service is away',
    '00:00:10.000 10 orders/publish-events #3 begins',
    '00:00:11.000 11 orders/publish-events #3 publishes OrderPlaced 1, to inventory, 1 of other teams',
    '00:00:13.000 13 orders/publish-events #3 is done',
    '00:00:14.000 14 inventory/consume-order-events #4 begins',
    '00:00:15.000 15 inventory/consume-order-events #4 KILLED: killed before a call',
    '00:00:16.000 16 inventory receives OrderPlaced 1 for the 2nd time',
    '00:00:16.000 16 inventory/consume-order-events #5 begins',
    '00:00:17.000 17 inventory/consume-order-events #5 fails: OrderPlaced 1 will come again',
    '00:00:18.000 18 inventory OrderPlaced 1 goes to the dead letters',
    '00:00:19.000 19 SES takes the mail order-confirmed',
  ]);
});

it('a story names the subscriber of another team that a finding names', () => {
  const story = storyOf(CONSUMED, ['lost: judge.fifo has not got OrderPlaced']);

  expect(story.join('\n')).toContain('publishes OrderPlaced 1, to inventory, judge');
});

it('a story that is too long keeps its beginning and its end', () => {
  const many = Array.from(
    { length: 400 },
    (_, n): Told => [n, 'request', `GET https://x/orders/${ORDER} ${n}`],
  );
  const story = storyOf(many);

  expect(story).toHaveLength(301);
  expect(story[30]).toBe('... 100 lines ...');
});

it('the story of a SKU is not that of another one whose name begins with it', () => {
  expect(storyOf([[1, 'request', 'PUT https://x/products/r-12 201']], [], 'r-1')).toEqual([]);
  expect(storyOf([[1, 'request', 'PUT https://x/products/r-1 201']], [], 'r-1')).toHaveLength(1);
});

it('there is no story of what nobody names', () => {
  expect(storyOf(OF_ANOTHER)).toEqual([]);
});

it('the first finding that names an order says what to explain, then a SKU', () => {
  expect(namedIn(['lost: 3 messages wait', `lost: Order ${ORDER} is not final`])).toBe(ORDER);
  expect(namedIn(['oversold: sim-inventory PRODUCT#r-3 is below zero'])).toBe('r-3');
  expect(namedIn(['lost: 3 messages wait'])).toBeUndefined();
});

it('the story of an event is that of the order that it is about', async () => {
  async function* history(told: readonly Told[]) {
    yield* linesOf(told);
  }

  expect(await subjectOf(EVENT, history(PLACED))).toBe(ORDER);
  expect(await subjectOf(EVENT, history(CONSUMED))).toBe(ORDER);
  expect(await subjectOf(ORDER, history([...PLACED, ...CONSUMED]))).toBe(ORDER);
});
