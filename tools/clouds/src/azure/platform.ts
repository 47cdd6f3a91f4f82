import { freePort } from '@orderly/local/ports';
import type { CloudDeadLetter, CloudOptions, OnMessage, RunningCloud } from '../cloud.ts';
import { Processes } from '../processes.ts';
import type { FunctionPlan, ServicePlan } from '../service-plan.ts';
import { startFunctionApp } from './function-app/start.ts';
import { hostJson } from './host-json.ts';
import { type Entities, type ServiceBus, startServiceBus } from './service-bus/server.ts';

const HOUR_MS = 60 * 60_000;
/** The subscription that takes everything, where somebody wants to see it. */
const recorder = 'recorder';

/** A service's subscription to a topic. */
interface Subscribed {
  readonly topic: string;
  readonly consumer: string;
  readonly stage: string;
}

const subscriptionsOf = ({ name: consumer, stage, functions }: ServicePlan): readonly Subscribed[] =>
  functions.flatMap(({ trigger }) =>
    trigger.kind === 'subscription' ? [{ topic: trigger.topic, consumer, stage }] : [],
  );

const rulesOf = ({ trigger }: FunctionPlan): readonly { readonly subject: string }[] =>
  trigger.kind === 'subscription' ? trigger.eventTypes.map((subject) => ({ subject })) : [];

/** Topics with a subscription of each of their consumers, and the services' own queues. */
const entitiesOf = (plans: readonly ServicePlan[], isRecorded: boolean): Entities => ({
  topics: plans.map(({ stage, topic }) => ({
    name: `${stage}-${topic}`,
    duplicateDetectionMs: HOUR_MS,
    subscriptions: [
      ...plans.flatMap(({ name, functions, maxReceiveCount: maxDeliveryCount }) =>
        functions
          .filter(({ trigger }) => trigger.kind === 'subscription' && trigger.topic === topic)
          .map((each) => ({ name, maxDeliveryCount, requiresSession: true, rules: rulesOf(each) })),
      ),
      ...(isRecorded ? [{ name: recorder }] : []),
    ],
  })),
  queues: plans.flatMap(({ functions, maxReceiveCount: maxDeliveryCount }) =>
    functions.flatMap(({ trigger }) =>
      trigger.kind === 'tasks' ? [{ name: trigger.queue, maxDeliveryCount }] : [],
    ),
  ),
});

/** Takes what comes to the recorder of a topic. */
const record = ({ broker }: ServiceBus, { stage, topic }: ServicePlan, onMessage: OnMessage): void => {
  const queue = broker.queue(`${stage}-${topic}/Subscriptions/${recorder}`);
  queue.onChange(() => {
    for (let received = queue.receive(); received; received = queue.receive()) {
      queue.complete(received.lock.token);
      onMessage(topic, received.message.content.body.toString('utf8'));
    }
  });
};

const waitingIn = ({ broker }: ServiceBus): number => {
  const queues = broker.counts().flatMap((entity) => entity.queues);
  return queues.reduce((sum, { active, locked }) => sum + active + locked, 0);
};

const deadLettersOf = (
  { broker }: ServiceBus,
  { stage, topic, consumer }: Subscribed,
): readonly CloudDeadLetter[] =>
  broker
    .queue(`${stage}-${topic}/Subscriptions/${consumer}/$deadletterqueue`)
    .peek(0, 1_000)
    .map(({ content: { messageId = '', body } }) => ({
      topic,
      consumer,
      messageId,
      body: body.toString('utf8'),
    }));

/**
 * Starts the services on Azure Functions' library, with a stand-in of Service Bus.
 *
 * @throws Error when a part of it does not start; what was started has ended then
 */
export const startAzure = async ({
  plans,
  bundleOf,
  environmentOf,
  portOf,
  onLine,
  onMessage,
}: CloudOptions): Promise<RunningCloud> => {
  const entities = entitiesOf(plans, onMessage !== undefined);
  const bus = await startServiceBus({ port: 0, restPort: 0, entities });
  if (onMessage) for (const plan of plans) record(bus, plan, onMessage);
  const apps = new Processes((name, port) =>
    startFunctionApp({
      bundle: bundleOf(name),
      port,
      env: {
        ...environmentOf(name),
        SERVICE_BUS: bus.connectionString,
        SERVICE_BUS_ENDPOINT: bus.restEndpoint,
      },
      hostJson,
      onLine: (line) => onLine(name, line),
    }),
  );
  const stop = async (): Promise<void> => {
    await apps.stop();
    await bus.stop();
  };
  try {
    await Promise.all(plans.map(async ({ name }) => apps.start(name, portOf(name) || (await freePort()))));
  } catch (error) {
    await stop();
    throw error;
  }
  const [{ stage } = { stage: '' }] = plans;
  return {
    services: apps.services,
    restart: (service) => apps.restart(service),
    broker: { cloud: 'azure', connectionString: bus.connectionString, restEndpoint: bus.restEndpoint },
    async publish(topic, { subject, type, body }) {
      const answer = await fetch(`${bus.restEndpoint}/${stage}-${topic}/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json',
          brokerproperties: JSON.stringify({ SessionId: subject, Label: type }),
        },
        body,
      });
      if (!answer.ok) throw new Error(`Service Bus answers ${answer.status}: ${await answer.text()}`);
    },
    deadLetters: async () => plans.flatMap(subscriptionsOf).flatMap((each) => deadLettersOf(bus, each)),
    waiting: async () => waitingIn(bus),
    breakBroker: (on) => bus.fail(on),
    async sweep(service) {
      apps.get(service).runTimer('publish-events');
    },
    stop,
  };
};
