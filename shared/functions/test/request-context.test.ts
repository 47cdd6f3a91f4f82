import {
  currentRequestContext,
  inRequestContext,
  nextSpan,
  readLogKeys,
  requestContextKeys,
  traceparentPattern,
} from '../src/observability/request-context.ts';

const context = { correlationId: 'request', causationId: 'cause' };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('awaited code runs in the request context of its caller, also beside others', async () => {
  const read = async () => {
    await new Promise(setImmediate);
    return currentRequestContext();
  };
  const other = { ...context, correlationId: 'other' };

  const both = [inRequestContext(context, read), inRequestContext(other, read)];
  expect(await Promise.all(both)).toEqual([context, other]);
});

it('outside of a request context, reading it is an error that says where events are written', () => {
  inRequestContext(context, () => {});

  expect(currentRequestContext).toThrow('events are only written inside of http() or consume()');
});

it('a request context as log keys has the ids that it knows', () => {
  const whole = { ...context, traceparent, eventId: 'event', logKeys: { order_id: 'order' } };

  expect(requestContextKeys()).toEqual({});
  expect(inRequestContext(context, requestContextKeys)).toEqual({ correlation_id: 'request' });
  expect(inRequestContext(whole, requestContextKeys)).toEqual({
    correlation_id: 'request',
    event_id: 'event',
    order_id: 'order',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
  });
});

it.each([
  [{ orderId: 'order', other: 1 }, 'order'],
  [{ other: 1 }, undefined],
  [undefined, undefined],
  ['a text', undefined],
])('log keys read their members, from %j as well', (source, order_id) => {
  expect(readLogKeys({ order_id: 'orderId' }, source)).toEqual({ order_id });
});

describe('a new span', () => {
  afterEach(() => {
    delete process.env._X_AMZN_TRACE_ID;
  });

  it.each(['00', '01', 'ff'])('belongs to the trace of its parent, with its flags %s', (flags) => {
    const parent = traceparent.replace(/..$/, flags);
    const [one, other] = [nextSpan(parent), nextSpan(parent)];

    for (const span of [one, other]) {
      expect(span).toMatch(traceparentPattern);
      expect([span.slice(0, 36), span.slice(-3)]).toEqual([parent.slice(0, 36), `-${flags}`]);
    }
    expect(new Set([parent, one, other]).size).toBe(3);
  });

  it.each<[string, string]>([
    ['Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1', '01'],
    ['Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0;Lineage=a:0', '00'],
    ['Root=1-5759e988-bd862e3fe1be46a994272793', '01'],
  ])('without a parent belongs to the trace of X-Ray: %s', (header, flags) => {
    process.env._X_AMZN_TRACE_ID = header;

    expect(nextSpan(undefined)).toMatch(
      new RegExp(`^00-5759e988bd862e3fe1be46a994272793-[0-9a-f]{16}-${flags}$`),
    );
    expect(nextSpan(traceparent)).toContain('-0af7651916cd43dd8448eb211c80319c-');
  });

  it.each(['', 'Root=1-nonsense', 'Sampled=1'])(
    'begins a trace where the header of X-Ray is %j',
    (header) => {
      process.env._X_AMZN_TRACE_ID = header;
      const [one, other] = [nextSpan(undefined), nextSpan(undefined)];

      expect(one).toMatch(traceparentPattern);
      expect(one.split('-')[1]).not.toBe(other.split('-')[1]);
    },
  );
});
