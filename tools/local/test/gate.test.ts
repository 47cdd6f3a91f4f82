import { Gate } from '../src/gate.ts';

/** Lets `callers` enter in their order, and records who is in. */
const entering = (gate: Gate, callers: readonly string[]) => {
  const entered: string[] = [];
  const all = callers.map((caller) => gate.enter().then(() => entered.push(caller)));
  return { entered, all: Promise.all(all) };
};

const soon = () => new Promise(setImmediate);

it('a gate without a limit lets everybody in', async () => {
  const gate = new Gate();
  const { entered, all } = entering(gate, ['a', 'b', 'c']);
  await all;
  expect(entered).toEqual(['a', 'b', 'c']);
  expect(gate.inside).toBe(3);
});

it('callers beyond the limit of a gate wait in order until others leave', async () => {
  const gate = new Gate(2);
  const { entered, all } = entering(gate, ['a', 'b', 'c', 'd']);
  await soon();
  expect(entered).toEqual(['a', 'b']);

  gate.leave();
  await soon();
  expect(entered).toEqual(['a', 'b', 'c']);

  gate.leave();
  await all;
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
  expect(gate.inside).toBe(2);
});

it('a closed gate lets nobody in, and keeps to its limit when it opens', async () => {
  const gate = new Gate(1);
  gate.close();
  const { entered, all } = entering(gate, ['a', 'b']);
  await soon();
  expect(entered).toEqual([]);

  gate.open();
  await soon();
  expect(entered).toEqual(['a']);

  gate.close();
  gate.leave();
  await soon();
  expect(entered).toEqual(['a']);

  gate.open();
  await all;
  expect(entered).toEqual(['a', 'b']);
});

it('a gate is empty when the last caller has left, and waits for that no longer than its limit', async () => {
  const gate = new Gate();
  await gate.enter();
  await gate.empty(1);
  expect(gate.inside).toBe(1);

  const empty = gate.empty(60_000);
  gate.leave();
  await empty;
  expect(gate.inside).toBe(0);
});
