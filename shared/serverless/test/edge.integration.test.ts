import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { serverlessBin } from '@orderly/local/service-config';
import { runPlugin } from './run-plugin.ts';

const orderly = resolve(__dirname, '../../../.orderly');
const folders: string[] = [];
const edge = { readRate: 100, readBurst: 200, writeRate: '50', writeBurst: '75', corsOrigins: '' };

/** API and stage of a small service, from the real framework; or what it says instead. */
async function packaged(more: object = {}) {
  // Within the repository, where the framework finds its plugins.
  mkdirSync(orderly, { recursive: true });
  const cwd = mkdtempSync(join(orderly, 'edge-'));
  folders.push(cwd);
  const config = {
    service: 'shop',
    frameworkVersion: '4',
    plugins: ['@orderly/serverless/edge.cjs'],
    provider: { name: 'aws', runtime: 'nodejs22.x', region: 'eu-central-1' },
    custom: { edge: { ...edge, ...more } },
    functions: {
      show: { handler: 'handler.run', events: [{ httpApi: 'GET /orders' }] },
      place: { handler: 'handler.run', events: [{ httpApi: 'POST /orders' }] },
      others: { handler: 'handler.run', events: [{ httpApi: 'ANY /orders' }, { httpApi: '*' }] },
    },
  };
  writeFileSync(join(cwd, 'serverless.json'), JSON.stringify(config));
  writeFileSync(join(cwd, 'handler.js'), 'exports.run = async () => ({ statusCode: 200 });\n');
  await promisify(execFile)(process.execPath, [serverlessBin(), 'package'], { cwd });
  const template = readFileSync(join(cwd, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  const { HttpApi, HttpApiStage } = JSON.parse(template).Resources;
  return { api: HttpApi.Properties, stage: HttpApiStage.Properties };
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

it('limits each route as its method reads or writes, and lets no page of another origin in', async () => {
  const { api, stage } = await packaged();
  const read = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 };
  const write = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 75 };

  expect(stage.DefaultRouteSettings).toMatchObject(write);
  expect(stage.RouteSettings).toEqual({
    'GET /orders': read,
    'POST /orders': write,
    'ANY /orders': write,
    $default: write,
  });
  expect(api).not.toHaveProperty('CorsConfiguration');
});

it('lets in the pages of the origins that are named, without their cookies', async () => {
  const { api } = await packaged({ corsOrigins: ' https://shop.example.com  http://localhost:5173 ' });

  expect(api.CorsConfiguration).toMatchObject({
    AllowOrigins: ['https://shop.example.com', 'http://localhost:5173'],
    AllowMethods: ['GET', 'POST', 'PUT'],
  });
  expect(api.CorsConfiguration.AllowCredentials ?? false).toBe(false);
});

const origins =
  'The parameter corsOrigins names origins such as https://shop.example.com, separated by spaces, not';

const wrong: readonly (readonly [setting: object, message: string])[] = [
  [{ corsOrigins: '*' }, `${origins} "*"`],
  [{ corsOrigins: 'https://a.example https://*.example.com' }, `${origins} "https://*.example.com"`],
  [{ corsOrigins: 'http://shop.example.com' }, `${origins} "http://shop.example.com"`],
  [{ corsOrigins: 'https://shop.example.com/' }, `${origins} "https://shop.example.com/"`],
  [{ corsOrigins: 'null' }, `${origins} "null"`],
  [{ readRate: '0' }, 'The parameter readRate is a whole number from 1, not "0"'],
  [{ writeBurst: 'many' }, 'The parameter writeBurst is a whole number from 1, not "many"'],
];

it.each(wrong)('refuses %j', (setting, message) => {
  expect(() => runPlugin('edge.cjs', { edge: { ...edge, ...setting } })).toThrow(message);
});

// The first of each kind once more, through the framework.
it.each([...wrong.slice(0, 1), ...wrong.slice(5, 6)])('is not packaged with %j', async (setting, message) => {
  await expect(packaged(setting)).rejects.toMatchObject({ stdout: expect.stringContaining(message) });
});
