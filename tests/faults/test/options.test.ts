import { parseOptions } from '../src/options.ts';

it('has no limit of orders with --minutes, but for a flash sale', () => {
  expect(parseOptions(['--minutes', '1']).orders).toBeUndefined();
  expect(parseOptions(['--minutes', '1', '--flash-sale']).orders).toBe(2_000);
  expect(parseOptions([]).orders).toBe(160);
});
