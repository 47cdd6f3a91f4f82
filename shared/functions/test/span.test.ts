import { OrderPlaced, on } from '@orderly/contracts';
import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { context, request, requestId } from './invocations.ts';
import { orderEvent, sqsRecord } from './records.ts';
import { caller, collectSpans, spans, toolkit } from './spans-under-test.ts';

const newId = expect.stringMatching(/^[0-9a-f]{16}$/);
const Path = v.object({ orderId: v.string() });

collectSpans();

describe('the span of a request', () => {
  const traced = (overrides = {}) => request({ headers: { traceparent: caller.traceparent }, ...overrides });

  it('names method, route, path, status, function and log keys, and has the span of the caller as parent', async () => {
    const { http, ok, currentRequestContext } = toolkit('true');
    let seen = '';
    const route = http({ path: Path, logKeys: { order_id: 'orderId' } }, async () => {
      seen = currentRequestContext().traceparent ?? '';
      return ok({});
    });
    const before = Date.now();

    await route(
      traced({
        routeKey: 'POST /orders/{orderId}/ship',
        rawPath: '/orders/7/ship',
        pathParameters: { orderId: '7' },
      }),
      context,
    );

    expect(spans).toEqual([
      {
        level: 'INFO',
        type: 'span',
        service: 'toolkit',
        name: 'POST /orders/{orderId}/ship',
        kind: 'server',
        traceId: caller.traceId,
        spanId: newId,
        parentSpanId: caller.spanId,
        startTime: expect.any(Number),
        duration: expect.any(Number),
        outcome: 'ok',
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/orders/{orderId}/ship',
          'http.response.status_code': 200,
          'url.path': '/orders/7/ship',
          'faas.name': 'function',
          'faas.invocation_id': requestId,
          'faas.coldstart': true,
          correlation_id: requestId,
          order_id: '7',
        },
      },
    ]);
    expect(seen).toContain(`${spans[0]?.spanId}`);
    expect(Math.abs(Number(spans[0]?.startTime) - before)).toBeLessThan(1_000);
    expect(Number(spans[0]?.duration)).toBeGreaterThanOrEqual(0);
  });

  it('is a root in a trace of its own where the caller sends none', async () => {
    const { http, ok } = toolkit('true');

    await http({}, async () => ok({}))(request(), context);

    expect(spans).toMatchObject([{ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), spanId: newId }]);
    expect(spans[0]).not.toHaveProperty('parentSpanId');
  });

  it('is an error where the answer is 500, and names it without addresses', async () => {
    const { http } = toolkit('true');
    const route = http({}, async () => {
      throw new TypeError('no mail to someone@example.com');
    });

    await route(request(), context);

    expect(spans).toMatchObject([
      {
        outcome: 'error',
        error: 'TypeError: no mail to ***@***',
        attributes: { 'http.response.status_code': 500 },
      },
    ]);
  });

  it('is no error where the request is refused', async () => {
    const { http, conflict } = toolkit('true');
    const route = http({}, () => {
      throw conflict('already-shipped', 'It was shipped');
    });

    await route(request(), context);

    expect(spans).toMatchObject([{ outcome: 'ok', attributes: { 'http.response.status_code': 409 } }]);
    expect(spans[0]).not.toHaveProperty('error');
  });

  it('of an unknown path is named by its method alone', async () => {
    const { fallback } = toolkit('true');

    await fallback({})(request({ method: 'GET', routeKey: '$default', rawPath: '/nowhere' }), context);

    expect(spans).toMatchObject([
      { name: 'GET', attributes: { 'url.path': '/nowhere', 'http.response.status_code': 404 } },
    ]);
    expect(spans[0]?.attributes).not.toHaveProperty('http.route');
  });

  it('says whether its invocation is the first of the container', async () => {
    const { http, ok } = toolkit('true');
    const route = http({}, async () => ok({}));
    const second: Context = { ...context, awsRequestId: 'second' };

    await route(request(), context);
    await route(request(), second);

    expect(spans).toMatchObject([
      { attributes: { 'faas.invocation_id': requestId, 'faas.coldstart': true } },
      { attributes: { 'faas.invocation_id': 'second', 'faas.coldstart': false } },
    ]);
  });

  it('begins at the present time after the container was frozen', async () => {
    const { http, ok } = toolkit('true');
    const later = Date.now() + 3_600_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);

    await http({}, async () => ok({}))(request(), context);

    expect(Math.abs(Number(spans[0]?.startTime) - later)).toBeLessThan(1_000);
  });

  it('has the lowest level that Lambda writes', async () => {
    process.env.AWS_LAMBDA_LOG_LEVEL = 'ERROR';
    const { http, ok } = toolkit('true');

    await http({}, async () => ok({}))(request(), context);

    expect(spans).toMatchObject([{ level: 'ERROR', outcome: 'ok' }]);
  });
});

describe('the span of a consumed event', () => {
  const event = orderEvent('order', { traceparent: caller.traceparent });

  it('names event, queue and receives, has the span of the publisher as parent, and is that of its own events', async () => {
    const { consume, outbox } = toolkit('true');
    const handler = consume(
      { logKeys: { order_id: 'orderId' } },
      on(OrderPlaced, async ({ data }) => {
        const written = outbox({ subject: 'order', sequence: 2 }, [OrderPlaced.of(data)]);
        traceparent = JSON.parse(written.events[0]?.body ?? '').traceparent;
      }),
    );
    let traceparent = '';

    await handler({ Records: [sqsRecord(event, 'order')] }, context);

    expect(spans).toMatchObject([
      {
        name: 'process OrderPlaced',
        kind: 'consumer',
        traceId: caller.traceId,
        spanId: newId,
        parentSpanId: caller.spanId,
        outcome: 'ok',
        attributes: {
          'messaging.system': 'aws_sqs',
          'messaging.operation.type': 'process',
          'messaging.destination.name': 'test-order-events--inventory.fifo',
          'messaging.message.id': event.id,
          'cloudevents.event_type': OrderPlaced.type,
          'cloudevents.event_subject': 'order',
          'orderly.receive_count': 2,
          'faas.name': 'function',
          correlation_id: event.correlationid,
          event_id: event.id,
          order_id: expect.any(String),
        },
      },
    ]);
    expect(traceparent).toBe(`00-${caller.traceId}-${spans[0]?.spanId}-01`);
  });

  it('is written for each delivery, and is an error where the reaction throws, also synchronously', async () => {
    const { consume } = toolkit('true');
    let tries = 0;
    const handler = consume(
      on(OrderPlaced, () => {
        tries++;
        if (tries === 1) throw new RangeError('at once');
        return tries === 2 ? Promise.reject(new RangeError('later')) : Promise.resolve();
      }),
    );
    const received = (times: number) => {
      const record = sqsRecord(event, 'order');
      const attributes = { ...record.attributes, ApproximateReceiveCount: String(times) };
      return { Records: [{ ...record, attributes }] };
    };

    for (const times of [1, 2, 3]) await handler(received(times), context);

    expect(spans).toMatchObject([
      { outcome: 'error', error: 'RangeError: at once', attributes: { 'orderly.receive_count': 1 } },
      { outcome: 'error', error: 'RangeError: later', attributes: { 'orderly.receive_count': 2 } },
      { outcome: 'ok', attributes: { 'orderly.receive_count': 3 } },
    ]);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(3);
    expect(new Set(spans.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([caller.spanId]));
  });

  it('of a message that breaks its schema is an error, with as much of the event as can be read', async () => {
    const { consume } = toolkit('true');
    const handler = consume(on(OrderPlaced, async () => {}));
    const broken = { ...event, data: {} };

    await handler({ Records: [sqsRecord(broken), sqsRecord('{', undefined, 'm')] }, context);

    expect(spans).toMatchObject([
      {
        name: 'process OrderPlaced',
        parentSpanId: caller.spanId,
        outcome: 'error',
        error: expect.stringContaining('InvalidEventError'),
        attributes: { 'messaging.message.id': event.id, correlation_id: event.correlationid },
      },
      { name: 'process message', outcome: 'error', attributes: { 'messaging.message.id': 'm' } },
    ]);
    expect(spans[1]).not.toHaveProperty('parentSpanId');
  });

  it.each([
    ['a number', { traceparent: 7, correlationid: 7, id: {}, subject: null }],
    ['no trace', { traceparent: 'elsewhere', subject: 7 }],
  ])('is a root where the envelope of a broken message has %s', async (_, members) => {
    const { consume } = toolkit('true');
    const handler = consume(on(OrderPlaced, async () => {}));

    await handler({ Records: [sqsRecord({ ...event, ...members }, undefined, 'm')] }, context);

    expect(spans).toMatchObject([{ outcome: 'error', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    expect(spans[0]).not.toHaveProperty('parentSpanId');
    expect(spans[0]?.attributes).not.toHaveProperty(['cloudevents.event_subject']);
  });

  it('is not written for an event that the consumer does not read', async () => {
    const { consume } = toolkit('true');
    const handler = consume(on(OrderPlaced, async () => {}));

    await handler({ Records: [sqsRecord({ ...event, type: 'orderly.order.archived.v1' })] }, context);

    expect(spans).toEqual([]);
  });
});

describe('the span of an outgoing call', () => {
  it('is a child of the current one', async () => {
    const { inClientSpan, inRequestContext } = toolkit('true');
    const current = { correlationId: 'request', causationId: 'cause', traceparent: caller.traceparent };

    const result = await inRequestContext(current, () =>
      inClientSpan('SMTP send', { 'server.address': 'mail.example.com' }, async () => 'sent'),
    );

    expect(result).toBe('sent');
    expect(spans).toMatchObject([
      {
        name: 'SMTP send',
        kind: 'client',
        traceId: caller.traceId,
        parentSpanId: caller.spanId,
        outcome: 'ok',
        attributes: { 'server.address': 'mail.example.com', correlation_id: 'request' },
      },
    ]);
    expect(spans[0]?.spanId).not.toBe(caller.spanId);
  });

  it('is an error where the call fails, and the caller gets its error', async () => {
    const { inClientSpan, inRequestContext } = toolkit('true');
    const fails = () => Promise.reject(new Error('refused someone@example.com'));

    const call = inRequestContext({ correlationId: 'request', causationId: 'cause' }, () =>
      inClientSpan('SMTP send', {}, fails),
    );

    await expect(call).rejects.toThrow('refused someone@example.com');
    expect(spans).toMatchObject([{ outcome: 'error', error: 'Error: refused ***@***' }]);
  });

  it('is not written outside of a request and an event', async () => {
    const { inClientSpan } = toolkit('true');

    expect(await inClientSpan('SMTP send', {}, async () => 'sent')).toBe('sent');
    expect(spans).toEqual([]);
  });
});

it.each([undefined, 'false'] as const)('no span is written where the variable is %s', async (variable) => {
  const { http, ok, consume, inClientSpan, traced } = toolkit(variable);
  const add = jest.fn();
  const client = traced({ middlewareStack: { add } });
  const call = () => inClientSpan('SMTP send', {}, async () => 'sent');
  const route = http({}, async () => ok(await call()));
  const handler = consume(on(OrderPlaced, async () => void (await call())));

  const answer = await route(request(), context);
  await handler({ Records: [sqsRecord(orderEvent('A')), sqsRecord('{')] }, context);

  expect(answer.body).toBe('"sent"');
  expect(client.middlewareStack.add).not.toHaveBeenCalled();
  expect(spans).toEqual([]);
});
