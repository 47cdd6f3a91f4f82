import { eventually } from '@orderly/support/eventually';
import { client, placeOrder, reaches, stockedProduct } from '../api.ts';
import { tokenFor } from '../authorization.ts';
import { urlOf } from '../platform.ts';
import { installExample, type Project } from './project.ts';

let project: Project;
beforeAll(async () => {
  project = await installExample('webhook-receiver');
});
afterAll(() => project?.remove());

const endpointsAt = async (address: string) =>
  (await client.webhooks.listEndpoints({})).items.filter(({ url }) => address.endsWith(url));

it('passes its own tests', async () => {
  await project.run('npm', ['test']);
});

it('registers itself, prints each event of an order, and deletes its endpoint in the end', async () => {
  const token = tokenFor();
  const running = project.start({
    WEBHOOKS_API: urlOf('webhooks'),
    ...(token !== undefined && { WEBHOOKS_TOKEN: typeof token === 'string' ? token : await token() }),
  });
  const registered = await eventually(async () => {
    const [line] = /^Registered: \S+/m.exec(running.output()) ?? [];
    if (line === undefined) throw new Error(running.output());
    return line;
  });

  const sku = await stockedProduct(9);
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });
  await reaches(orderId, 'CONFIRMED');

  await eventually(async () => {
    expect(running.output()).toContain(`orderly.order.placed.v1 ${orderId}, version 1\n`);
    expect(running.output()).toContain(`orderly.order.confirmed.v1 ${orderId}, version 2\n`);
  });
  expect(await endpointsAt(registered)).toHaveLength(1);
  running.signal('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(await endpointsAt(registered)).toEqual([]);
});
