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

it("docs/subscribing.md's first subscriber on Google Cloud prints confirmations, and leaves poison to the dead letters", async () => {
  const { stage, broker: pubsub } = localPlatform();
  if (pubsub?.cloud !== 'google') throw new Error('The platform under test is not on Google Cloud');
  const { address, project } = pubsub;
  snippet = runSnippet('first-event-google.ts', {
    ...{ STAGE: stage, PUBSUB_EMULATOR_HOST: address, GOOGLE_CLOUD_PROJECT: project },
    NODE_PATH: packagesOf('google'),
  });

  await expectConfirmation(snippet);
  await broker.send(topic, 'my-team', { type: OrderConfirmed.type, body: 'no event' });

  await eventually(async () => expect(await broker.takeDeadLetters(topic, 'my-team')).toEqual(['no event']));
  expect(snippet.output()).toMatch(/Message \S+ failed/);
  await expectConfirmation(snippet);
});
