import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateOnce } from '../src/validated-configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'validated-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Start {
  readonly stage: string;
  readonly schema?: object;
  readonly valid?: boolean;
  readonly memorySize?: number;
}

/** One start of a service. @returns how often Serverless's own check ran */
async function checksOf({
  stage,
  schema = { type: 'object' },
  valid = true,
  memorySize,
}: Start): Promise<number> {
  let checks = 0;
  const serverless = {
    configurationInput: {},
    service: { provider: { stage } },
    configSchemaHandler: {
      schema,
      async validateConfig(_configuration: object) {
        checks += 1;
      },
      constructor: { getConfigurationValidationResult: () => valid },
    },
  };
  validateOnce(serverless, folder);
  await serverless.configSchemaHandler.validateConfig({
    provider: { stage, memorySize },
    table: `${stage}-orders`,
  });
  return checks;
}

it('a configuration is checked until it has been found valid', async () => {
  expect(await checksOf({ stage: 'dev', valid: false })).toBe(1);
  expect(await checksOf({ stage: 'dev' })).toBe(1);
  expect(await checksOf({ stage: 'dev' })).toBe(0);
});

it('a configuration that was found valid is valid in a stage of another name', async () => {
  expect(await checksOf({ stage: 'tests-77' })).toBe(0);
});

it.each<[string, Start]>([
  ['configuration', { stage: 'dev', memorySize: 512 }],
  ['schema', { stage: 'dev', schema: { type: 'object', required: ['provider'] } }],
])('a changed %s is checked again', async (_, start) => {
  expect(await checksOf(start)).toBe(1);
  expect(await checksOf(start)).toBe(0);
});
