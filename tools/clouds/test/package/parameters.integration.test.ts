import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventTypes as allEventTypes } from '@orderly/contracts';
import { parseFilter } from '../../src/google/pubsub/filter.ts';
import { type DeployedService, deployedService } from '../../src/package/deployed-service.ts';
import { cronOf } from '../../src/package/google-parameters.ts';
import { parameterFile } from '../../src/package/parameters.ts';
import { type ServicePlan, servicePlans } from '../../src/service-plan.ts';
import { run, runWith } from './run.ts';

interface GoogleService {
  readonly subscriptions: readonly { readonly filter: string }[];
  readonly schedules: readonly object[];
}

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
    expect(azure.parameters.services.value).toEqual(services);
  });

  it("select events by filters that Pub/Sub takes, and set schedules as cron's", () => {
    const { content } = parameterFile('google', stage, services);
    const google = (content as { services: Record<string, GoogleService> }).services;
    for (const { name, subscriptions } of services) {
      for (const [at, { eventTypes }] of subscriptions.entries()) {
        const matches = parseFilter(google[name]?.subscriptions[at]?.filter ?? '');
        const selected = Object.values(allEventTypes)
          .flat()
          .filter((type) => matches({ type }));
        expect(selected.toSorted()).toEqual(eventTypes.toSorted());
      }
      expect(google[name]?.schedules).toContainEqual({ function: 'publish-events', cron: '* * * * *' });
    }
  });

  it('refuse more event types than fit into a filter of Pub/Sub', () => {
    const [orders, ...others] = services;
    const eventTypes = Array.from({ length: 6 }, (_, i) => `orderly.stock.very-special-${i}.v1`);
    const subscriptions = orders?.subscriptions.map((each) => ({ ...each, eventTypes })) ?? [];
    const changed = [{ ...(orders as DeployedService), subscriptions }, ...others];
    expect(() => parameterFile('google', stage, changed)).toThrow(
      "The 6 event types of orders's subscription to staging-inventory-events are a filter of",
    );
  });

  it.each([
    [60, '* * * * *'],
    [300, '*/5 * * * *'],
    [7_200, '0 */2 * * *'],
    [86_400, '0 0 * * *'],
  ])('have %d seconds as the cron expression %s', (seconds, cron) => {
    expect(cronOf(seconds)).toBe(cron);
  });

  it.each([30, 420, 18_000])('refuse a schedule of every %d seconds, which cron does not have', (seconds) => {
    expect(() => cronOf(seconds)).toThrow('is no schedule of Cloud Scheduler');
  });

  it.each([
    [
      'a service account',
      `${'x'.repeat(20)}-stage`,
      'The service account "xxxxxxxxxxxxxxxxxxxx-stage-orders-caller" has to have 6 to 30',
    ],
    ['a stage in capitals', 'Dev', '"Dev-orders-caller" has to have'],
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
