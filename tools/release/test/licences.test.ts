import type { BundledPackage } from '../src/bundle.ts';
import { shippedPackages } from '../src/functions.ts';
import { licenceProblems } from '../src/licences.ts';

it('every package that is shipped has a licence that is allowed', async () => {
  const shipped = await shippedPackages();

  expect(licenceProblems(shipped.values())).toEqual([]);
  const names = [...shipped.values()].map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['valibot', 'nodemailer', '@aws-sdk/client-dynamodb']));
});

it.each([undefined, 'GPL-3.0-only', 'UNLICENSED', 'SEE LICENSE IN LICENSE'])(
  'the licence %s is not allowed',
  (license) => {
    const one: BundledPackage = { path: 'node_modules/x', name: 'x', version: '1.0.0', license };

    expect(licenceProblems([one])).toEqual([
      expect.stringMatching(/^x 1\.0\.0: the licence .* is not in the list/),
    ]);
  },
);
