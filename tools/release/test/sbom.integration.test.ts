import { readFile } from 'node:fs/promises';
import { Validation } from '@cyclonedx/cyclonedx-library';
import { unpack } from '@orderly/serverless/unpack.ts';
import { functionFiles } from '../src/functions.ts';
import { specVersion } from '../src/sbom.ts';
import { sourceOf, type WrittenSbom, writeSboms } from '../src/write-sboms.ts';

let written: readonly WrittenSbom[] = [];
beforeAll(async () => {
  written = await writeSboms('dev');
});

it('every function has a valid bill of materials beside its zip', async () => {
  const validator = new Validation.JsonStrictValidator(specVersion);
  for (const { fn, path } of written) {
    const sbom = await readFile(path, 'utf8');
    expect([fn.name, await validator.validate(sbom)]).toEqual([fn.name, null]);
    expect(JSON.parse(sbom).metadata.component.name).toBe(`${fn.service}/${fn.name}`);
  }
  expect(written.map(({ fn }) => sourceOf(fn)).sort()).toEqual([...functionFiles()].sort());
});

it('the code in each zip is that of the bundle whose packages are listed', async () => {
  const different: string[] = [];
  for (const { fn, code } of written) {
    const shipped = await readFile(`${await unpack(fn)}.js`, 'utf8');
    if (shipped !== code) different.push(`${fn.service}/${fn.name}`);
  }

  expect(different).toEqual([]);
  expect(written).toHaveLength(functionFiles().length);
});
