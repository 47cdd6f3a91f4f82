import { Validation } from '@cyclonedx/cyclonedx-library';
import { sbomOf, specVersion } from '../src/sbom.ts';

const described = {
  name: 'orders/place-order',
  sha256: 'a'.repeat(64),
  packages: [
    { path: 'node_modules/valibot', name: 'valibot', version: '1.5.0', license: 'MIT' },
    { path: 'node_modules/@smithy/core', name: '@smithy/core', version: '3.0.0', license: 'Apache-2.0' },
  ],
};

it('names the function, its zip, and each package with version, licence and package URL', () => {
  expect(JSON.parse(sbomOf(described))).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      component: { name: 'orders/place-order', hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }] },
    },
    components: [
      { group: '@smithy', name: 'core', version: '3.0.0', purl: 'pkg:npm/%40smithy/core@3.0.0' },
      { name: 'valibot', purl: 'pkg:npm/valibot@1.5.0', licenses: [{ license: { id: 'MIT' } }] },
    ],
    dependencies: expect.arrayContaining([
      {
        ref: 'orders/place-order',
        dependsOn: ['pkg:npm/%40smithy/core@3.0.0', 'pkg:npm/valibot@1.5.0'],
      },
    ]),
  });
});

it('is valid by the schema of CycloneDX, and the same every time', async () => {
  const sbom = sbomOf(described);

  expect(await new Validation.JsonStrictValidator(specVersion).validate(sbom)).toBeNull();
  expect(sbomOf({ ...described, packages: [...described.packages].reverse() })).toBe(sbom);
});
