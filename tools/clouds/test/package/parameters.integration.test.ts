import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeployedService, deployedService } from '../../src/package/deployed-service.ts';
import { parameterFile } from '../../src/package/parameters.ts';
import { type ServicePlan, servicePlans } from '../../src/service-plan.ts';
import { run, runWith } from './run.ts';

const stage = 'staging';
let plans: readonly ServicePlan[];
let services: readonly DeployedService[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderly-parameters-'));
  plans = await servicePlans(stage);
  services = await Promise.all(plans.map(deployedService));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('The parameters of the templates', () => {
  it('have each function of every service once', () => {
    for (const [at, plan] of plans.entries()) {
      const names = services[at]?.functions.map(({ name }) => name);
      expect(names).toEqual(plan.functions.map(({ name }) => name));
      expect(new Set(names).size).toBe(names?.length);
    }
  });

  it('have what invokes each function', () => {
    for (const { functions, routes, subscriptions, queues, schedules } of services) {
      const bound = [routes, subscriptions, queues, schedules].flat().map((each) => each.function);
      // Nobody counts stuck orders in a stage without alarms.
      const expected = functions
        .map(({ name }) => name)
        .filter((name) => name !== 'fallback' && name !== 'count-stuck-orders');
      expect(bound.toSorted()).toEqual(expected.toSorted());
    }
  });

  it('subscribe to topics that a service publishes', () => {
    const topics = services.map(({ topic }) => topic);
    for (const { topic, eventTypes, maxDeliveryCount } of services.flatMap((each) => each.subscriptions)) {
      expect(topics).toContain(topic);
      expect(eventTypes.length).toBeGreaterThan(0);
      expect(maxDeliveryCount).toBe(5);
    }
  });

  it('name the secrets, and who makes them', () => {
    expect(services.flatMap(({ secrets }) => secrets)).toEqual([
      { name: 'orderly-staging-smtp-url', isGenerated: false },
      { name: 'orderly-staging-webhook-key', isGenerated: true },
    ]);
  });

  it('are written for all services, also where one is packaged', async () => {
    await run(folder, '--cloud', 'google', '--service', 'inventory', '--stage', stage);
    await run(folder, '--cloud', 'azure', '--service', 'inventory', '--stage', stage, '--out', 'out');
    const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
    const google = read('dist/google/services.tfvars.json');
    expect(Object.keys(google.services)).toEqual(plans.map(({ name }) => name));
    const azure = read('out/azure/services.parameters.json');
    expect(azure.parameters.services.value).toEqual(Object.values(google.services));
  });

  it.each([
    [
      'a service account',
      `${'x'.repeat(20)}-stage`,
      '"xxxxxxxxxxxxxxxxxxxx-stage-orders" has to have 6 to 30',
    ],
    ['a stage in capitals', 'Dev', '"Dev-orders" has to have'],
  ])('refuse what cannot be the name of %s', (_, name, message) => {
    expect(() => parameterFile('google', name, services)).toThrow(message);
  });
});

describe('npm run package:cloud', () => {
  it.each([
    [
      'a service that is not there',
      ['--cloud', 'azure', '--service', 'orders', 'shipping'],
      'There is no service shipping. There are orders, inventory, notifications, webhooks.',
    ],
    ['another cloud', ['--cloud', 'aws'], "argument 'aws' is invalid. Allowed choices are azure, google."],
    ['no cloud', [], "required option '--cloud <cloud>' not specified"],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await run(folder, ...args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
  });

  const issuer = { ORDERLY_JWT_ISSUER: 'https://login.example.com', ORDERLY_JWT_AUDIENCE: 'shop' };
  const prod = ['--cloud', 'google', '--stage', 'prod', '--service', 'inventory'];

  it.each([
    ['that is open to everybody', {}, 'Without an issuer anybody can call the APIs of prod'],
    ['that tells no customer', issuer, 'The channel log reaches no customer'],
    [
      "that sends mail by AWS's service",
      { ...issuer, ORDERLY_CHANNEL: 'ses', ORDERLY_MAIL_FROM: 'shop@example.com' },
      "notifications cannot send by SES, which is AWS's",
    ],
  ])('refuses a prod %s', async (_, settings, message) => {
    const { code, err } = await runWith(settings, folder, ...prod);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
  });

  it('packages prod with its issuer, audience and scopes', async () => {
    const mail = { ORDERLY_CHANNEL: 'smtp', ORDERLY_MAIL_FROM: 'shop@example.com' };
    expect(await runWith({ ...issuer, ...mail }, folder, ...prod)).toMatchObject({ code: 0, err: '' });
    const read = (path: string) => readFileSync(join(folder, 'dist/google', path), 'utf8');
    expect(JSON.parse(read('services.tfvars.json')).services.orders.environment).toMatchObject({
      JWT_ISSUER: 'https://login.example.com',
      JWT_AUDIENCE: 'shop',
    });
    expect(read('inventory/get-product/index.js')).toContain('inventory:read');
  });
});
