import { systemClock } from '@orderly/aws/clock';
import { freePort } from '@orderly/local/ports';
import type { CloudOptions, RunningCloud } from '../cloud.ts';
import type { ServicePlan } from '../service-plan.ts';
import { Services } from '../services.ts';
import { type CloudTasks, startCloudTasks } from './cloud-tasks.ts';
import { OWN_PATH, routingOf } from './functions-host/router.ts';
import { type FunctionsHost, startFunctionsHost } from './functions-host/start.ts';
import { startPubSub } from './pubsub/start.ts';
import { type Job, startScheduler } from './scheduler.ts';
import { type Caller, Subscriptions } from './subscriptions.ts';

const project = 'orderly';
const tasksParent = `projects/${project}/locations/local`;
const sweepSeconds = 10;

/** The account in whose name Google calls functions, and what its tokens are for. */
const caller: Caller = {
  serviceAccountEmail: `caller@${project}.iam.gserviceaccount.com`,
  audience: 'orderly-functions',
};

/** What Cloud Scheduler calls. */
const jobsOf = ({ name: service, functions }: ServicePlan, host: FunctionsHost): readonly Job[] =>
  functions.flatMap(({ name, trigger }) => {
    const isDue = trigger.kind === 'publisher' || (trigger.kind === 'schedule' && trigger.enabled);
    if (!isDue) return [];
    const everySeconds = trigger.kind === 'schedule' ? trigger.everySeconds : sweepSeconds;
    return [{ name: `${service}-${name}`, url: host.urlOf(name), everySeconds, oidc: caller }];
  });

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
  watch,
}: CloudOptions): Promise<RunningCloud> => {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const subscriptions = new Subscriptions(project, () => pubsub.broker);
  const pubsub = await startPubSub({ port: 0, restPort: 0, watch: watch && subscriptions.watchFor(watch) });
  stops.push(pubsub.stop);
  try {
    for (const plan of plans) subscriptions.createTopic(plan);
    const tasks = await startCloudTasks({
      port: 0,
      clock: systemClock,
      issuer: pubsub.issuer,
      queues: plans.flatMap(queuesOf),
      onDropped: (task) => onLine('cloud-tasks', `${task} has failed for the last time`),
    });
    stops.push(tasks.stop);
    const start = async (plan: ServicePlan, wanted: number): Promise<FunctionsHost> => {
      const { name, functions } = plan;
      const port = wanted || (await freePort());
      return startFunctionsHost({
        service: name,
        bundle: bundleOf(name),
        functions: functions.map((each) => each.name),
        ...routingOf(functions),
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
        onInvocation: ({ name: functionName, startedAt: at, durationMs: duration, ok }) =>
          watch?.invocation({
            ...{ service: name, name: functionName, at, duration },
            outcome: ok ? 'ok' : 'error',
          }),
      });
    };
    const hosts = new Services(plans, { start, portOf });
    stops.push(() => hosts.stop());
    await hosts.startAll();
    const jobs: Job[] = [];
    for (const plan of plans) {
      const host = hosts.get(plan.name);
      jobs.push(...jobsOf(plan, host));
      for (const each of plan.functions)
        subscriptions.create(plan, each, { endpoint: host.urlOf(each.name), caller });
    }
    const onFailure = ({ name }: Job, reason: string) =>
      onLine(name, `Cloud Scheduler: ${name} failed: ${reason}`);
    stops.push(startScheduler(jobs, { clock: systemClock, issuer: pubsub.issuer, onFailure }));
    return {
      get services() {
        return hosts.running();
      },
      broker: { cloud: 'google', address: pubsub.address, restEndpoint: pubsub.url, project },
      async publish(topic, { subject, type, body }) {
        const [{ stage } = { stage: '' }] = plans;
        const message = { data: Buffer.from(body), orderingKey: subject, attributes: { type } };
        pubsub.broker.publish(subscriptions.topicName(stage, topic), [message]);
      },
      queues: () => subscriptions.queues(),
      messages: (queue) => subscriptions.messages(queue),
      deadLetters: async () => subscriptions.deadLetters(),
      redrive: (letter) => subscriptions.redrive(letter),
      drop: (letter) => subscriptions.drop(letter),
      breakBroker: (on) => pubsub.broker.fail(on),
      async sweep(service) {
        const plan = plans.find(({ name }) => name === service);
        const url = hosts.get(service).urlOf(plan ? publisherOf(plan) : '');
        const authorization = `Bearer ${pubsub.issuer.token(caller)}`;
        const { status } = await fetch(url, { method: 'POST', headers: { authorization } });
        if (status >= 300) throw new Error(`The publisher of ${service} answers ${status}`);
      },
      stopService: (name) => hosts.stopOne(name),
      startService: (name) => hosts.startOne(name),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
