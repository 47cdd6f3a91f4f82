import { AgingCheckpoints } from '../src/world/aging-checkpoints.ts';

const STREAM = 'arn:stream';

const after = (store: AgingCheckpoints, name: string, ...numbers: readonly string[]) => {
  const checkpoints = store.open(name, STREAM, 1_000);
  for (const number of numbers) checkpoints.set('shard', number);
  return checkpoints;
};

it('a source that is opened for the first time begins now', () => {
  const { resumed, startedAt, get } = new AgingCheckpoints().open('orders-publish', STREAM, 1_000);
  expect([resumed, startedAt, get('shard')]).toEqual([false, 1_000, undefined]);
});

it('a source that is opened again goes on where it was, since it first began', () => {
  const store = new AgingCheckpoints();
  after(store, 'orders-publish', '1', '2');
  const { resumed, startedAt, get } = store.open('orders-publish', STREAM, 9_000);
  expect([resumed, startedAt, get('shard')]).toEqual([true, 1_000, '2']);
});

it('checkpoints that are lost go back some batches, never beyond what is remembered', () => {
  const store = new AgingCheckpoints();
  after(store, 'orders-publish', '1', '2', '3', '4', '5');
  store.goBack('orders-');
  const checkpoints = store.open('orders-publish', STREAM, 9_000);
  expect(checkpoints.get('shard')).toBe('3');
  checkpoints.set('shard', '4');
  expect(checkpoints.get('shard')).toBe('4');
});

it('the checkpoints of other services stay', () => {
  const store = new AgingCheckpoints();
  after(store, 'orders-publish', '1', '2');
  after(store, 'inventory-publish', '1', '2');
  store.goBack('orders-');
  expect(store.open('inventory-publish', STREAM, 9_000).get('shard')).toBe('2');
});
