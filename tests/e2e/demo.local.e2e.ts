import { services } from '@orderly/local/services';
import { eventually } from '@orderly/support/eventually';
import { demo, killDemos } from './run-demo.ts';
import { killService, startService } from './services.ts';

afterEach(killDemos);

// The seeds are of few products, each of which takes requests; one order of 740's has 131, so it is reserved in steps.
it('adds up when almost everything is short', async () => {
  const { code, summary } = await demo(['--limit', '10', '--stock', '5', '--seed', '244']);

  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(summary.orders.rejected).toBeGreaterThan(summary.orders.confirmed);
  expect(code).toBe(0);
});

it('adds up for generated invoices, also when each service is killed in the middle', async () => {
  let placing = false;
  const outcome = demo(['--limit', '14', '--seed', '740'], (log) => {
    placing ||= log.includes('Placing');
  });
  await eventually(() => expect(placing).toBe(true));

  for (const service of services) {
    await killService(service);
    await startService(service);
  }
  const { code, summary } = await outcome;

  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(summary.orders.confirmed).toBeGreaterThan(summary.orders.rejected);
  expect(code).toBe(0);
});
