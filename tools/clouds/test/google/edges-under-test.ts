import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@orderly/aws/clock';
import { ProductUpserted } from '@orderly/contracts';
import type { Trigger } from '@orderly/functions/trigger';
import { freePort } from '@orderly/local/ports';
import { bundleService } from '../../src/bundle.ts';
import { type CloudTasks, startCloudTasks } from '../../src/google/cloud-tasks.ts';
import { routingOf } from '../../src/google/functions-host/router.ts';
import { type FunctionsHost, startFunctionsHost } from '../../src/google/functions-host/start.ts';
import { type PubSubStandIn, startPubSub } from '../../src/google/pubsub/start.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { startPostgres } from '../../src/postgres/server.ts';
import type { ServicePlan } from '../../src/service-plan.ts';

const stage = 'test';
export const project = 'orderly';
export const account = `caller@${project}.iam.gserviceaccount.com`;
export const audience = 'functions';
export const topic = `projects/${project}/topics/${stage}-inventory-events`;
export const published = `projects/${project}/topics/${stage}-test-events`;
export const parent = `projects/${project}/locations/local`;

const route = (method: string, path: string): Trigger => ({ kind: 'route', method, path, scopes: [] });

const triggers: Readonly<Record<string, Trigger>> = {
  echo: route('POST', '/items/{id}'),
  write: route('POST', '/items'),
  send: route('POST', '/tasks'),
  consume: { kind: 'subscription', topic: 'inventory-events', eventTypes: [ProductUpserted.type] },
  'publish-events': { kind: 'publisher' },
  tick: { kind: 'schedule', everySeconds: 60, enabled: true },
  task: { kind: 'tasks', queue: 'work' },
};

const plan: ServicePlan = {
  name: 'fixture',
  folder: join(__dirname, 'fixture'),
  stage,
  topic: 'test-events',
  table: { name: 'items', indexes: [] },
  maxReceiveCount: 5,
  environment: {},
  functions: Object.entries(triggers).map(([name, trigger]) => ({
    name,
    file: name,
    trigger,
    timeoutSeconds: 10,
  })),
};

/** The functions of `fixture/`, in Google's functions framework, with all that calls them. */
export interface Edges {
  readonly host: FunctionsHost;
  readonly pubsub: PubSubStandIn;
  readonly tasks: CloudTasks;
  /** What the functions print. */
  readonly lines: readonly string[];
  /** The tasks that failed for the last time. */
  readonly dropped: readonly string[];
  stop(): Promise<void>;
}

export const startEdges = async (): Promise<Edges> => {
  const [lines, dropped]: [string[], string[]] = [[], []];
  const outdir = await mkdtemp(join(tmpdir(), 'google-edges-'));
  const bundle = join(outdir, 'index.js');
  const postgres = await startPostgres();
  const database = await postgres.createDatabase('google-edges');
  await migrate(database, [{ name: 'items', indexes: [] }]);
  await bundleService(plan, 'google', { outfile: bundle });
  const pubsub = await startPubSub({ port: 0, restPort: 0 });
  const tasks = await startCloudTasks({
    port: 0,
    clock: systemClock,
    issuer: pubsub.issuer,
    queues: [{ name: `${parent}/queues/work`, maxAttempts: 3 }],
    onDropped: (task) => dropped.push(task),
  });
  const port = await freePort();
  const host = await startFunctionsHost({
    service: plan.name,
    bundle,
    port,
    functions: plan.functions.map(({ name }) => name),
    ...routingOf(plan.functions),
    env: {
      STAGE: stage,
      TABLE_NAME: 'items',
      POWERTOOLS_SERVICE_NAME: plan.name,
      POWERTOOLS_LOG_LEVEL: 'INFO',
      DATABASE_URL: database,
      DATABASE_TIMEOUT_MS: '60000',
      GOOGLE_CLOUD_PROJECT: project,
      PUBSUB_ENDPOINT: pubsub.url,
      GOOGLE_TOKEN_ISSUER: pubsub.url,
      SERVICE_ACCOUNT: account,
      TOKEN_AUDIENCE: audience,
      CLOUD_TASKS_ENDPOINT: tasks.url,
      TASKS_PARENT: parent,
      TASKS_TARGET_URL: `http://127.0.0.1:${port}/.functions/task`,
      TASKS_SERVICE_ACCOUNT: account,
    },
    onLine: (line) => lines.push(line),
  });
  for (const name of [topic, published]) pubsub.broker.createTopic({ name, labels: {} });
  const stop = async (): Promise<void> => {
    await host.stop();
    await tasks.stop();
    await pubsub.stop();
    await postgres.stop();
    await rm(outdir, { recursive: true, force: true });
  };
  return { host, pubsub, tasks, lines, dropped, stop };
};
