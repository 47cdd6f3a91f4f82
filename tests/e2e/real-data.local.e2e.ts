import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { demo, killDemos } from './run-demo.ts';

const retailCsv = resolve(__dirname, '../../../shared/data/online-retail.csv');

afterEach(killDemos);

it(`adds up for real invoices${existsSync(retailCsv) ? '' : ' (the CSV is absent: not covered here)'}`, async () => {
  if (!existsSync(retailCsv)) return expect(process.env.CI).toBeUndefined();
  const { code, summary } = await demo(['--file', retailCsv, '--limit', '8']);

  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(code).toBe(0);
});
