import { currentFlow, flowKeys, inFlow } from '../src/flow.ts';

const flow = { correlationId: 'flow', causationId: 'cause' };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('what is awaited inside a flow is part of it; flows side by side do not mix', async () => {
  const read = async () => {
    await new Promise(setImmediate);
    return currentFlow();
  };
  const other = { ...flow, correlationId: 'other' };

  expect(await Promise.all([inFlow(flow, read), inFlow(other, read)])).toEqual([flow, other]);
});

it('outside of a flow there is none, and asking for it is an error that says where events are written', () => {
  inFlow(flow, () => {});

  expect(currentFlow).toThrow('No flow: events are only written inside of http() or consume()');
});

it('a flow as log keys has the trace only when there is one', () => {
  expect(flowKeys()).toEqual({});
  expect(inFlow(flow, flowKeys)).toEqual({ correlation_id: 'flow', causation_id: 'cause' });
  expect(inFlow({ ...flow, traceparent }, flowKeys)).toEqual({
    correlation_id: 'flow',
    causation_id: 'cause',
    traceparent,
  });
});
