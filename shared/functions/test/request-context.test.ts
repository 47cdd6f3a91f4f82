import { traceparentPattern } from '../src/http/handler.ts';
import {
  currentRequestContext,
  inRequestContext,
  nextSpan,
  requestContextKeys,
} from '../src/observability/request-context.ts';

const flow = { correlationId: 'flow', causationId: 'cause' };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('what is awaited inside a flow is part of it; flows side by side do not mix', async () => {
  const read = async () => {
    await new Promise(setImmediate);
    return currentRequestContext();
  };
  const other = { ...flow, correlationId: 'other' };

  expect(await Promise.all([inRequestContext(flow, read), inRequestContext(other, read)])).toEqual([
    flow,
    other,
  ]);
});

it('outside of a flow there is none, and asking for it is an error that says where events are written', () => {
  inRequestContext(flow, () => {});

  expect(currentRequestContext).toThrow('No flow: events are only written inside of http() or consume()');
});

it('a flow as log keys has the ids that it knows', () => {
  expect(requestContextKeys()).toEqual({});
  expect(inRequestContext(flow, requestContextKeys)).toEqual({ correlation_id: 'flow' });
  expect(
    inRequestContext({ ...flow, traceparent, eventId: 'event', orderId: 'order' }, requestContextKeys),
  ).toEqual({
    correlation_id: 'flow',
    event_id: 'event',
    order_id: 'order',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
  });
});

describe('the next span', () => {
  afterEach(() => {
    delete process.env._X_AMZN_TRACE_ID;
  });

  it.each(['00', '01', 'ff'])('is new in the trace of its parent, with its flags %s', (flags) => {
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
  ])('without a parent is of the trace of X-Ray: %s', (header, flags) => {
    process.env._X_AMZN_TRACE_ID = header;

    expect(nextSpan(undefined)).toMatch(
      new RegExp(`^00-5759e988bd862e3fe1be46a994272793-[0-9a-f]{16}-${flags}$`),
    );
    expect(nextSpan(traceparent)).toContain('-0af7651916cd43dd8448eb211c80319c-');
  });

  it.each(['', 'Root=1-nonsense', 'Sampled=1'])('where X-Ray says %j begins a trace', (header) => {
    process.env._X_AMZN_TRACE_ID = header;
    const [one, other] = [nextSpan(undefined), nextSpan(undefined)];

    expect(one).toMatch(traceparentPattern);
    expect(one.split('-')[1]).not.toBe(other.split('-')[1]);
  });
});
