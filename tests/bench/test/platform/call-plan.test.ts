import { planOf } from '../../src/platform/call-plan.ts';
import type { RecordedCall } from '../../src/platform/recorded-order.ts';

const orderId = '0192f0c1-7e00-7000-8000-000000000001';
const eventId = '0192f0c1-7e00-7000-8000-000000000002';
const sku = 'BENCH-0007';

const write = (operation: string, item: object): RecordedCall => ({ operation, body: JSON.stringify(item) });
const send = (type: string, queue: string): RecordedCall => ({
  operation: 'SendMessageBatch',
  body: JSON.stringify({
    QueueUrl: queue,
    Entries: [{ Id: '0', MessageBody: JSON.stringify({ type, id: eventId }) }],
  }),
});

const calls: readonly RecordedCall[] = [
  write('BatchGetItem', { sku }),
  write('PutItem', { orderId, event: eventId }),
  send('placed', 'to-inventory'),
  write('TransactWriteItems', { orderId, sku }),
  send('reserved', 'to-orders'),
  write('PutItem', { orderId }),
  send('confirmed', 'to-notifications'),
  send('confirmed', 'to-bench'),
];

describe('the plan of the calls for an order', () => {
  const plan = planOf(orderId, sku, calls);

  it('gives each step the calls that were made in it', () => {
    const operations = [plan.place, ...plan.consume.values()].map((step) =>
      step.map((call) => call.operation),
    );

    expect(operations).toEqual([['BatchGetItem', 'PutItem'], ['TransactWriteItems'], ['PutItem'], []]);
    expect([...plan.consume.keys()]).toEqual(['placed', 'reserved', 'confirmed']);
  });

  it('knows all queues of an event', () =>
    expect(Object.fromEntries(plan.targets)).toEqual({
      placed: ['to-inventory'],
      reserved: ['to-orders'],
      confirmed: ['to-notifications', 'to-bench'],
    }));

  it('makes the same calls, of the same size, for another order', () => {
    const values = plan.valuesOf('BENCH-0042');
    const [, put] = plan.place;
    const body = put?.body.render(values) ?? '';
    const original = calls[1]?.body ?? '';

    expect(JSON.parse(body)).toEqual({ orderId: values[0], event: values[2] });
    expect(Buffer.byteLength(body)).toBe(Buffer.byteLength(original));
    expect(plan.place[0]?.body.render(values)).toBe('{"sku":"BENCH-0042"}');
  });

  it('has other ids for every order', () => {
    const ids = [plan.valuesOf(sku), plan.valuesOf(sku)].flatMap(([id, , ...others]) => [id, ...others]);

    expect(new Set(ids).size).toBe(4);
    expect(ids).not.toContain(orderId);
  });

  it.each([
    ['that goes on after its last event', [...calls, write('PutItem', { orderId })]],
    ['that sends an event twice', [...calls, send('placed', 'to-inventory')]],
    ['that sends nothing', calls.slice(0, 2)],
  ])('is refused for an order %s', (_, wrong) =>
    expect(() => planOf(orderId, sku, wrong)).toThrow('These are not the calls of one order'),
  );
});
