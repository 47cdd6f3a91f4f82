import { resolve } from 'node:path';
import { reasonsToDeploy } from '../src/affected.ts';
import { readServices } from '../src/services.ts';

// Of this repository, as it is.
const services = readServices(resolve(__dirname, '../../..'));
const affected = (...files: readonly string[]) =>
  services.filter((service) => reasonsToDeploy(service, files).length > 0).map(({ name }) => name);
const all = services.map(({ name }) => name);

it.each([
  ['a service', 'services/orders/src/domain/order.ts', ['orders']],
  ["a service's configuration", 'services/inventory/serverless.yml', ['inventory']],
  ['what a service depends on', 'shared/functions/src/http/handler.ts', all],
  ['what that depends on', 'shared/contracts/src/envelope.ts', all],
  ['what templates are made of', 'shared/serverless/topic.yml', all],
  ['the versions of packages', 'package-lock.json', all],
  ['the compiler options', 'tsconfig.json', all],
])('%s is deployed', (_, file, expected) => {
  expect(affected(file)).toEqual(expected);
});

it.each([
  'README.md',
  'docs/deploying.md',
  'docs/reference/asyncapi.yaml',
  'services/orders/README.md',
  'services/orders/test/order.test.ts',
  'shared/serverless/test/traffic-shifting.integration.test.ts',
  'shared/serverless/README.md',
  'tools/local/src/plugin.ts',
  'tests/e2e/orders.e2e.ts',
  'tools/cli/src/main.ts',
  'tests/faults/package.json',
  '.github/workflows/deploy.yml',
])('%s is deployed nowhere', (file) => {
  expect(affected(file)).toEqual([]);
});

it('distinguishes names that begin alike', () => {
  expect(affected('services/orders-archive/src/order.ts', 'package-lock.json.orig')).toEqual([]);
});

it('says which files are the reason', () => {
  const [orders] = services.filter(({ name }) => name === 'orders');

  expect(
    orders &&
      reasonsToDeploy(orders, [
        'README.md',
        'services/orders/src/domain/order.ts',
        'services/inventory/src/domain/stock.ts',
      ]),
  ).toEqual(['services/orders/src/domain/order.ts']);
});
