import type { CloudDeadLetter, CloudOptions, RunningCloud } from '../cloud.ts';
import type { FunctionPlan, ServicePlan } from '../service-plan.ts';
import { type FunctionApp, startFunctionApp } from './function-app/start.ts';
import { hostJson } from './host-json.ts';
import { type Entities, type ServiceBus, startServiceBus } from './service-bus/server.ts';

const HOUR_MS = 60 * 60_000;

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
const entitiesOf = (plans: readonly ServicePlan[]): Entities => ({
  topics: plans.map(({ stage, topic }) => ({
    name: `${stage}-${topic}`,
    duplicateDetectionMs: HOUR_MS,
    subscriptions: plans.flatMap(({ name, functions, maxReceiveCount: maxDeliveryCount }) =>
      functions
        .filter(({ trigger }) => trigger.kind === 'subscription' && trigger.topic === topic)
        .map((each) => ({ name, maxDeliveryCount, requiresSession: true, rules: rulesOf(each) })),
    ),
  })),
  queues: plans.flatMap(({ functions, maxReceiveCount: maxDeliveryCount }) =>
    functions.flatMap(({ trigger }) =>
      trigger.kind === 'tasks' ? [{ name: trigger.queue, maxDeliveryCount }] : [],
    ),
  ),
});

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
}: CloudOptions): Promise<RunningCloud> => {
  const bus = await startServiceBus({ port: 0, restPort: 0, entities: entitiesOf(plans) });
  const apps = new Map<string, FunctionApp>();
  const stop = async (): Promise<void> => {
    await Promise.all([...apps.values()].map((app) => app.stop()));
    await bus.stop();
  };
  const start = async ({ name }: ServicePlan): Promise<void> => {
    const app = await startFunctionApp({
      bundle: bundleOf(name),
      port: portOf(name),
      env: {
        ...environmentOf(name),
        SERVICE_BUS: bus.connectionString,
        SERVICE_BUS_ENDPOINT: bus.restEndpoint,
      },
      hostJson,
      onLine: (line) => onLine(name, line),
    });
    apps.set(name, app);
  };
  try {
    await Promise.all(plans.map(start));
  } catch (error) {
    await stop();
    throw error;
  }
  const [{ stage } = { stage: '' }] = plans;
  return {
    services: Object.fromEntries([...apps].map(([name, { url, pid, ended }]) => [name, { url, pid, ended }])),
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
    breakBroker: (on) => bus.fail(on),
    async sweep(service) {
      const app = apps.get(service);
      if (app === undefined) throw new Error(`There is no service ${service}`);
      app.runTimer('publish-events');
    },
    stop,
  };
};
