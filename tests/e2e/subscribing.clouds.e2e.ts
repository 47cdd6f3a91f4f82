import { OrderConfirmed } from '@orderly/contracts';
import type { CloudBroker } from '@orderly/local/platform-record';
import { eventually } from '@orderly/support/eventually';
import { localPlatform } from './platform.ts';
import { expectConfirmation, packagesOf, runSnippet, type Snippet } from './snippet.ts';
import { type Broker, connectBroker } from './subscriber.ts';

const topic = 'order-events';
let broker: Broker;
let snippet: Snippet | undefined;
beforeAll(async () => {
  broker = await connectBroker();
});
afterEach(() => snippet?.kill());
afterAll(() => broker.close());

/** Where a program finds the broker. */
function brokerEnv(bus: CloudBroker): Record<string, string> {
  return bus.cloud === 'azure'
    ? { SERVICE_BUS: bus.connectionString, SERVICE_BUS_HTTP: bus.restEndpoint }
    : { PUBSUB_EMULATOR_HOST: bus.address, GOOGLE_CLOUD_PROJECT: bus.project };
}

it("docs/subscribing.md's first subscriber prints confirmations, and leaves poison to the dead letters", async () => {
  const { stage, broker: bus } = localPlatform();
  if (bus === undefined) throw new Error('The platform under test is on AWS');
  snippet = runSnippet(`first-event-${bus.cloud}.ts`, {
    ...{ STAGE: stage, NODE_PATH: packagesOf(bus.cloud) },
    ...brokerEnv(bus),
  });

  await expectConfirmation(snippet);
  await broker.send(topic, 'my-team', { type: OrderConfirmed.type, body: 'no event' });

  await eventually(async () => expect(await broker.takeDeadLetters(topic, 'my-team')).toEqual(['no event']));
  expect(snippet.output()).toMatch(/Message \S+ failed/);
  await expectConfirmation(snippet);
});
