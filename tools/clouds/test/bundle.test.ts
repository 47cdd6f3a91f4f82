import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleService, type Cloud } from '../src/bundle.ts';
import { type ServicePlan, servicePlans } from '../src/service-plan.ts';

const clouds: readonly Cloud[] = ['azure', 'google'];
const ofAws = /(^|\/)(@aws-sdk|@aws-crypto|@aws|@smithy|shared\/functions\/src\/aws)\//;
const other: Readonly<Record<Cloud, Cloud>> = { azure: 'google', google: 'azure' };

let folder: string;
let plans: readonly ServicePlan[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orderly-bundles-'));
  plans = await servicePlans('dev');
});
afterAll(() => rm(folder, { recursive: true }));

const outfile = () => join(folder, 'index.cjs');
const bundle = async (cloud: Cloud, service: string, only?: readonly string[]) => {
  const plan = plans.find(({ name }) => name === service);
  if (plan === undefined) throw new Error(`There is no service ${service}`);
  return bundleService(plan, cloud, { outfile: outfile(), ...(only && { only }) });
};

it.each(clouds)(
  'the bundles for %s hold nothing of AWS, except what sends mail through Amazon SES',
  async (cloud) => {
    const withAws: string[] = [];
    for (const { name } of plans) {
      const files = await bundle(cloud, name);
      expect(files).toContain(`shared/functions/src/${cloud}/register.ts`);
      if (files.some((file) => ofAws.test(file))) withAws.push(name);
    }

    expect(withAws).toEqual(['notifications']);
  },
);

it.each(clouds)('the bundles for %s hold nothing of the other cloud', async (cloud) => {
  const files = await bundle(cloud, 'webhooks');

  expect(files.filter((file) => file.includes(`shared/functions/src/${other[cloud]}/`))).toEqual([]);
});

it('a bundle of one function has the publisher beside it, each with its trigger and its time', async () => {
  const files = await bundle('google', 'orders', ['get-order']);
  const functions = files.filter((file) => file.startsWith('services/orders/src/functions/'));
  const code = await readFile(outfile(), 'utf8');

  expect(functions.toSorted()).toEqual([
    'services/orders/src/functions/get-order.ts',
    'services/orders/src/functions/publish-events.ts',
  ]);
  expect(code).toContain('timeoutSeconds:10');
  expect(code).toContain('path:"/orders/{orderId}"');
});
