import type { BundledPackage } from './bundle.ts';

/** Licences (SPDX ids) of code that may be shipped with ours, which is MIT. Each asks for its notice, or for nothing. */
export const allowedLicences = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** What is wrong with the licences of packages, a line each. */
export function licenceProblems(packages: Iterable<BundledPackage>): readonly string[] {
  return [...packages].flatMap(({ name, version, license }) =>
    license !== undefined && allowedLicences.has(license)
      ? []
      : [
          `${name} ${version}: the licence ${license ?? '(none)'} is not in the list of tools/release/src/licences.ts`,
        ],
  );
}
