import { dispatcher, InvalidEventError, OrderCancelled, OrderPlaced, on } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

const placed = sampleEvent(OrderPlaced);
const message = (event: unknown) => JSON.stringify(event);

it('passes each message to the reaction that is bound to its type', async () => {
  const seen: unknown[] = [];
  const dispatch = dispatcher(
    on(OrderPlaced, async ({ data }) => void seen.push(['placed', data.orderId])),
    on(OrderCancelled, async ({ sequence }) => void seen.push(['cancelled', sequence])),
  );

  const outcomes = [
    await dispatch(message(placed)),
    await dispatch(message(sampleEvent(OrderCancelled, { sequence: 3 }))),
  ];

  expect(outcomes).toEqual(['handled', 'handled']);
  expect(seen).toEqual([
    ['placed', placed.data.orderId],
    ['cancelled', 3],
  ]);
});

it('passes its context to the reaction', async () => {
  const seen: string[] = [];
  const dispatch = dispatcher(on(OrderPlaced, async (_event, context: string) => void seen.push(context)));

  await dispatch(message(placed), 'context');

  expect(seen).toEqual(['context']);
});

it('ignores types without a reaction', async () => {
  const dispatch = dispatcher(on(OrderCancelled, async () => {}));

  expect(await dispatch(message(placed))).toBe('ignored');
  expect(await dispatch(message({ type: 'com.example.thing' }))).toBe('ignored');
});

it('rejects a message that is no event or breaks its schema, and names the fault', async () => {
  const dispatch = dispatcher(on(OrderPlaced, async () => {}));

  await expect(dispatch('{')).rejects.toThrow(new InvalidEventError([{ path: '', message: 'Invalid JSON' }]));
  await expect(dispatch(message({ ...placed, sequence: 0 }))).rejects.toMatchObject({
    name: 'InvalidEventError',
    message: expect.stringMatching(/^\/sequence: /),
    issues: [{ path: '/sequence' }],
  });
});

it('rejects with the error of a reaction, so that the message is not acknowledged', async () => {
  const dispatch = dispatcher(on(OrderPlaced, () => Promise.reject(new Error('the table is unreachable'))));

  await expect(dispatch(message(placed))).rejects.toThrow('the table is unreachable');
});

it('refuses two reactions to one type when it is created', () => {
  const reaction = on(OrderPlaced, async () => {});

  expect(() => dispatcher(reaction, reaction)).toThrow(
    new TypeError('Two reactions are bound to the same event type'),
  );
});
