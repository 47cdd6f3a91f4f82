import { inDatabase } from '@orderly/clouds/postgres';
import { OrderPlaced } from '@orderly/contracts';
import { eventually } from '@orderly/support/eventually';
import { getOrder, placeOrder, reaches, stockedProduct } from './api.ts';
import { localPlatform } from './platform.ts';
import { type Broker, connectBroker } from './subscriber.ts';

const topic = 'order-events';
let broker: Broker;
beforeAll(async () => {
  broker = await connectBroker();
});
afterEach(() => restoreTable());
afterAll(() => broker.close());

let restoreTable = async (): Promise<void> => undefined;

/** Takes a service's table away: whatever it does, fails. `restoreTable` brings it back. */
async function takeTableAway(service: string): Promise<void> {
  const { stage, databases = {} } = localPlatform();
  const rename = (from: string, to: string) =>
    inDatabase(databases[service] ?? '', (client) => client.query(`ALTER TABLE "${from}" RENAME TO "${to}"`));
  const table = `${stage}-${service}`;
  await rename(table, 'away');
  restoreTable = async () => {
    restoreTable = async () => undefined;
    await rename('away', table);
  };
}

it('what a consumer could not process is dead-lettered whole, and processed once it is put back', async () => {
  const sku = await stockedProduct(9);
  const before = await placeOrder({ lines: [[sku, 1]] });
  await reaches(before.orderId, 'CONFIRMED');
  await takeTableAway('inventory');
  const { orderId } = await placeOrder({ lines: [[sku, 2]] });

  const letters: string[] = [];
  await eventually(async () => {
    letters.push(...(await broker.takeDeadLetters(topic, 'inventory')));
    expect(letters).toHaveLength(1);
  });
  const [letter = ''] = letters;
  expect(JSON.parse(letter)).toMatchObject({ type: OrderPlaced.type, subject: orderId, data: { orderId } });
  expect((await getOrder(orderId)).status).toBe('PLACED');

  await restoreTable();
  await broker.send(topic, 'inventory', { subject: orderId, type: OrderPlaced.type, body: letter });

  await reaches(orderId, 'CONFIRMED');
  expect(await broker.takeDeadLetters(topic, 'inventory')).toEqual([]);
});
