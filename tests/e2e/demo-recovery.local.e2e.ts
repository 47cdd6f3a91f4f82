import { eventually } from '@orderly/support/eventually';
import { replayedOrders, storedOrders } from './replaying.ts';
import { demo, killDemos } from './run-demo.ts';
import {
  deadLetterQueue,
  deadLetters,
  dropPoisonAndRedrive,
  poisoned,
  refuseOrders,
  restoreQueues,
  sendPoison,
} from './trouble.ts';

afterEach(async () => {
  killDemos();
  await restoreQueues();
});

it('a demo run with poison and a broken subscriber comes out right once they are gone, for new subscribers too', async () => {
  let placing = false;
  const outcome = demo(['--limit', '30', '--seed', '4'], (log) => {
    placing ||= log.includes('Placing');
  });
  await eventually(() => expect(placing).toBe(true));
  await sendPoison();
  const accept = await refuseOrders();
  const expected = [...poisoned.map(deadLetterQueue), deadLetterQueue('order-events')].sort();
  await eventually(async () => expect(Object.keys(await deadLetters()).sort()).toEqual(expected));

  await accept();
  expect(await dropPoisonAndRedrive()).toMatchObject([{ code: 0 }, { code: 0 }]);

  // The demo has waited for its orders all the while; it checks orders, stock, events and dead letters.
  const { code, summary } = await outcome;
  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(code).toBe(0);
  expect(await deadLetters()).toEqual({});
  const stored = await storedOrders();
  expect([...stored.values()]).not.toContain('PLACED');
  const { received } = await replayedOrders();
  expect([...received].sort()).toEqual([...stored].sort());
});
