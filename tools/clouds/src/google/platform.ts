import { systemClock } from '@orderly/aws/clock';
import { eventTypes as allEventTypes, type Topic } from '@orderly/contracts';
import { freePort } from '@orderly/local/ports';
import type { CloudDeadLetter, CloudOptions, OnMessage, RunningCloud } from '../cloud.ts';
import { Processes } from '../processes.ts';
import type { FunctionPlan, ServicePlan } from '../service-plan.ts';
import { type CloudTasks, startCloudTasks } from './cloud-tasks.ts';
import { eventFilter } from './event-filter.ts';
import { OWN_PATH, routingOf } from './functions-host/router.ts';
import { type FunctionsHost, startFunctionsHost } from './functions-host/start.ts';
import { DELIVERY_ATTEMPTS, RETENTION_SECONDS } from './pubsub/limits.ts';
import { type PubSubStandIn, startPubSub } from './pubsub/start.ts';
import { readSubscription } from './pubsub/subscription-settings.ts';
import { type Job, startScheduler } from './scheduler.ts';

const project = 'orderly';
const tasksParent = `projects/${project}/locations/local`;
const sweepSeconds = 10;

const topicName = (stage: string, topic: string): string => `projects/${project}/topics/${stage}-${topic}`;
const subscriptionName = (stage: string, topic: string, consumer: string): string =>
  `projects/${project}/subscriptions/${stage}-${topic}--${consumer}`;
const deadLetterTopic = (stage: string, topic: string, consumer: string): string =>
  topicName(stage, `dlq--${topic}--${consumer}`);

/** The account in whose name Google calls functions, and what its tokens are for. */
const caller = {
  serviceAccountEmail: `caller@${project}.iam.gserviceaccount.com`,
  audience: 'orderly-functions',
};

/** A subscription of a service, with its own dead-letter topic, which keeps what is put there. */
interface Subscribed {
  readonly topic: string;
  readonly consumer: string;
  readonly kept: string;
}

const createTopics = ({ broker }: PubSubStandIn, plans: readonly ServicePlan[]): void => {
  for (const { stage, topic } of plans) broker.createTopic({ name: topicName(stage, topic), labels: {} });
};

const createSubscription = (
  { broker }: PubSubStandIn,
  { stage, name, maxReceiveCount }: ServicePlan,
  { trigger, timeoutSeconds }: FunctionPlan,
  pushEndpoint: string,
): Subscribed | undefined => {
  if (trigger.kind !== 'subscription') return undefined;
  const { topic, eventTypes } = trigger;
  const deadLetters = deadLetterTopic(stage, topic, name);
  const kept = subscriptionName(stage, `dlq--${topic}`, name);
  broker.createTopic({ name: deadLetters, labels: {} });
  const messageRetentionDuration = `${RETENTION_SECONDS.maximum}s`;
  broker.createSubscription(readSubscription({ name: kept, topic: deadLetters, messageRetentionDuration }));
  const settings = {
    name: subscriptionName(stage, topic, name),
    topic: topicName(stage, topic),
    enableMessageOrdering: true,
    ackDeadlineSeconds: timeoutSeconds + 5,
    filter: eventFilter(eventTypes, allEventTypes[topic as Topic]),
    pushConfig: { pushEndpoint, oidcToken: caller },
    deadLetterPolicy: {
      deadLetterTopic: deadLetters,
      maxDeliveryAttempts: Math.max(DELIVERY_ATTEMPTS.minimum, maxReceiveCount),
    },
    retryPolicy: { minimumBackoff: '1s', maximumBackoff: '60s' },
  };
  broker.createSubscription(readSubscription(settings));
  return { topic, consumer: name, kept };
};

/** Takes all that comes to a topic. */
const record = ({ broker }: PubSubStandIn, { stage, topic }: ServicePlan, onMessage: OnMessage): void => {
  const name = subscriptionName(stage, topic, 'recorder');
  const settings = { name, topic: topicName(stage, topic), enableMessageOrdering: true };
  const subscription = broker.createSubscription(readSubscription(settings));
  subscription.onReady(() => {
    for (const { ackId, message } of subscription.take({ messages: Infinity })) {
      subscription.acknowledge([ackId]);
      onMessage(topic, message.data.toString('utf8'));
    }
  });
};

/** What is to be pushed to services. */
const waitingIn = ({ broker }: PubSubStandIn): number =>
  broker
    .subscriptions()
    .filter(({ settings }) => settings.push)
    .reduce((sum, { counts }) => sum + counts.unacknowledged, 0);

/** What Cloud Scheduler calls. */
const jobsOf = ({ name: service, functions }: ServicePlan, host: FunctionsHost): readonly Job[] =>
  functions.flatMap(({ name, trigger }) => {
    const isDue = trigger.kind === 'publisher' || (trigger.kind === 'schedule' && trigger.enabled);
    if (!isDue) return [];
    const everySeconds = trigger.kind === 'schedule' ? trigger.everySeconds : sweepSeconds;
    return [{ name: `${service}-${name}`, url: host.urlOf(name), everySeconds, oidc: caller }];
  });

const keptBy = (
  { broker }: PubSubStandIn,
  { topic, consumer, kept }: Subscribed,
): readonly CloudDeadLetter[] =>
  broker
    .subscription(kept)
    .messages()
    .map(({ id, data }) => ({ topic, consumer, messageId: id, body: data.toString('utf8') }));

/** The service's own queues of Cloud Tasks. */
const queuesOf = ({ functions, maxReceiveCount }: ServicePlan) =>
  functions.flatMap(({ trigger }) =>
    trigger.kind === 'tasks'
      ? [{ name: `${tasksParent}/queues/${trigger.queue}`, maxAttempts: maxReceiveCount }]
      : [],
  );

/** A task names the URL of the function that handles it. */
const tasksEnvironment = ({ functions }: ServicePlan, tasks: CloudTasks, port: number) => {
  const handler = functions.find(({ trigger }) => trigger.kind === 'tasks');
  return {
    CLOUD_TASKS_ENDPOINT: tasks.url,
    TASKS_PARENT: tasksParent,
    TASKS_TARGET_URL: `http://127.0.0.1:${port}${OWN_PATH}${handler?.name ?? ''}`,
    TASKS_SERVICE_ACCOUNT: caller.serviceAccountEmail,
  };
};

const publisherOf = ({ functions }: ServicePlan): string =>
  functions.find(({ trigger }) => trigger.kind === 'publisher')?.name ?? '';

/**
 * Starts the services on Google's functions framework, with stand-ins of Pub/Sub, Cloud Tasks and Cloud Scheduler.
 *
 * @throws Error when a part of it does not start; what was started has ended then
 */
export const startGoogle = async ({
  plans,
  bundleOf,
  environmentOf,
  portOf,
  onLine,
  onMessage,
}: CloudOptions): Promise<RunningCloud> => {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const pubsub = await startPubSub({ port: 0, restPort: 0 });
  stops.push(pubsub.stop);
  try {
    createTopics(pubsub, plans);
    if (onMessage) for (const plan of plans) record(pubsub, plan, onMessage);
    const tasks = await startCloudTasks({
      port: 0,
      clock: systemClock,
      issuer: pubsub.issuer,
      queues: plans.flatMap(queuesOf),
      onDropped: (task) => onLine('cloud-tasks', `${task} has failed for the last time`),
    });
    stops.push(tasks.stop);
    const planOf = new Map(plans.map((plan) => [plan.name, plan]));
    const hosts = new Processes(async (name, port) => {
      const plan = planOf.get(name);
      if (plan === undefined) throw new Error(`There is no service ${name}`);
      return startFunctionsHost({
        service: name,
        bundle: bundleOf(name),
        functions: plan.functions.map((each) => each.name),
        ...routingOf(plan.functions),
        port,
        env: {
          ...environmentOf(name),
          GOOGLE_CLOUD_PROJECT: project,
          PUBSUB_ENDPOINT: pubsub.url,
          GOOGLE_TOKEN_ISSUER: pubsub.url,
          SERVICE_ACCOUNT: caller.serviceAccountEmail,
          TOKEN_AUDIENCE: caller.audience,
          ...tasksEnvironment(plan, tasks, port),
        },
        onLine: (line) => onLine(name, line),
      });
    });
    stops.push(() => hosts.stop());
    await Promise.all(plans.map(async ({ name }) => hosts.start(name, portOf(name) || (await freePort()))));
    const subscribed: Subscribed[] = [];
    const jobs: Job[] = [];
    for (const plan of plans) {
      const host = hosts.get(plan.name);
      jobs.push(...jobsOf(plan, host));
      for (const each of plan.functions) {
        subscribed.push(...[createSubscription(pubsub, plan, each, host.urlOf(each.name)) ?? []].flat());
      }
    }
    const onFailure = ({ name }: Job, reason: string) =>
      onLine(name, `Cloud Scheduler: ${name} failed: ${reason}`);
    stops.push(startScheduler(jobs, { clock: systemClock, issuer: pubsub.issuer, onFailure }));
    return {
      services: hosts.services,
      restart: (service) => hosts.restart(service),
      broker: { cloud: 'google', address: pubsub.address, restEndpoint: pubsub.url, project },
      async publish(topic, { subject, type, body }) {
        const [{ stage } = { stage: '' }] = plans;
        const message = { data: Buffer.from(body), orderingKey: subject, attributes: { type } };
        pubsub.broker.publish(topicName(stage, topic), [message]);
      },
      deadLetters: async () => subscribed.flatMap((each) => keptBy(pubsub, each)),
      waiting: async () => waitingIn(pubsub),
      breakBroker: (on) => pubsub.broker.fail(on),
      async sweep(service) {
        const plan = planOf.get(service);
        const url = hosts.get(service).urlOf(plan ? publisherOf(plan) : '');
        const authorization = `Bearer ${pubsub.issuer.token(caller)}`;
        const { status } = await fetch(url, { method: 'POST', headers: { authorization } });
        if (status >= 300) throw new Error(`The publisher of ${service} answers ${status}`);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
