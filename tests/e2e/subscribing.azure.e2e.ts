import { OrderConfirmed } from '@orderly/contracts';
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

it("docs/subscribing.md's first subscriber on Azure prints confirmations, and leaves poison to the dead letters", async () => {
  const { stage, broker: bus } = localPlatform();
  if (bus?.cloud !== 'azure') throw new Error('The platform under test is not on Azure');
  const { connectionString, restEndpoint } = bus;
  snippet = runSnippet('first-event-azure.ts', {
    ...{ STAGE: stage, SERVICE_BUS: connectionString, SERVICE_BUS_HTTP: restEndpoint },
    NODE_PATH: packagesOf('azure'),
  });

  await expectConfirmation(snippet);
  await broker.send(topic, 'my-team', { type: OrderConfirmed.type, body: 'no event' });

  await eventually(async () => expect(await broker.takeDeadLetters(topic, 'my-team')).toEqual(['no event']));
  expect(snippet.output()).toMatch(/Message \S+ failed/);
  await expectConfirmation(snippet);
});
