import { CloudConsole } from '../src/cloud-console.ts';

const options = { stage: 'c', cloud: 'azure', records: true } as const;
const event = {
  id: '01890000-0000-7000-8000-000000000001',
  type: 'orderly.order.placed.v1',
  source: 'orderly/orders',
  subject: '3f0c1b9e-0000-4000-8000-000000000001',
};
const span = {
  ...{ type: 'span', service: 'orders', name: 'POST /orders', kind: 'server', outcome: 'ok' },
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), startTime: 1, duration: 2, attributes: {} },
};

it('The console of a cloud records events and what their subscribers do with them', () => {
  const page = new CloudConsole(options);
  const body = JSON.stringify(event);
  const change = { queue: 'c-order-events--inventory', messageId: 'm', body };
  page.watch?.published(body);
  page.watch?.message({ ...change, what: 'sent', receiveCount: 0 });
  page.watch?.message({ ...change, what: 'received', receiveCount: 1 });
  page.watch?.message({ ...change, what: 'deleted', receiveCount: 1 });

  expect(page.recorder.events.newestFirst()).toMatchObject([
    {
      id: event.id,
      topic: 'order-events',
      deliveries: [{ consumer: 'inventory', state: 'taken', receives: 1 }],
    },
  ]);
});

it('Functions of one name in two services are told apart, in their figures and in their log lines', () => {
  const page = new CloudConsole(options);
  const run = { name: 'publish-events', at: 1_000, duration: 5 };
  page.watch?.invocation({ ...run, service: 'orders', outcome: 'ok' });
  page.watch?.invocation({ ...run, service: 'inventory', outcome: 'error' });
  const line = '{"level":"ERROR","message":"late","function_name":"publish-events"}';

  expect(page.line('inventory', line)).toBeUndefined();
  expect(page.recorder.invocations.figuresOf('orders/publish-events')).toMatchObject({
    invocations: 1,
    errors: 0,
  });
  expect(page.recorder.invocations.figuresOf('inventory/publish-events')).toMatchObject({ errors: 1 });
  expect(page.recorder.logs.newestFirst()).toMatchObject([{ functionName: 'inventory/publish-events' }]);
});

it('A line that is a span is recorded as one, and returned', () => {
  const page = new CloudConsole(options);
  const { type: _, ...read } = span;

  expect(page.line('orders', JSON.stringify(span))).toEqual(read);
  expect(page.recorder.spans.ofTraces([span.traceId])).toEqual([read]);
  expect(page.recorder.logs.newestFirst()).toEqual([]);
});

it('Without a console nothing is watched or kept, and spans are still told from other lines', () => {
  const page = new CloudConsole({ ...options, records: false });

  expect(page.watch).toBeUndefined();
  expect(page.line('orders', JSON.stringify(span))).toMatchObject({ name: 'POST /orders' });
  expect(page.line('orders', 'hello')).toBeUndefined();
  expect(page.recorder.spans.ofTraces([span.traceId])).toEqual([]);
  expect(page.recorder.logs.newestFirst()).toEqual([]);
});
