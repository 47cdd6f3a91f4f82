import type { Session } from '@orderly/cli/session';
import { readTopology } from '@orderly/cli/topology/topology';
import { maskPersonal } from '@orderly/functions/observability/mask';
import { readVersion } from '@orderly/local/version';
import { OrderActions } from './actions/orders.ts';
import { dropLetters, redriveLetters, replayOrder, retryFailedNotifications } from './actions/recovery.ts';
import type { About, Feature, FunctionRow, Pulse, QueueDetail, Topology } from './api.ts';
import { isFailing } from './history/event-history.ts';
import { badRequest, notFound, notHere } from './http/problem.ts';
import type { ApiRequest, Routes } from './http/router.ts';
import type { LocalPlatform, Platform } from './platform.ts';
import { Sessions } from './session.ts';
import { listApis, readApi } from './views/apis.ts';
import { readCatalogue } from './views/catalogue.ts';
import { localDeadLetters, remoteDeadLetters } from './views/dead-letters.ts';
import { readPulse, readQueues } from './views/live-state.ts';
import { readOrder } from './views/order.ts';
import { searchAllOrders, searchIndexedOrders } from './views/orders.ts';
import { readQueue } from './views/queue.ts';
import { listTables, readItems } from './views/tables.ts';

const LONGEST_LIST = 1_000;

const COST_NOTICE =
  'This page asks AWS each half minute: some 40 SQS requests and 15 CloudWatch metrics, about two cents an hour. A search or an order is a few reads of DynamoDB.';

/** Of JSON.stringify. */
export type Replacer = (name: string, value: unknown) => unknown;

export interface ConsoleApi {
  readonly routes: Routes;
  pulse(): Promise<Pulse>;
  /** Masks personal data: on AWS it is that of real people. */
  readonly mask: Replacer | undefined;
  /** For calls of the services' APIs. */
  token(): Promise<string | undefined>;
  close(): void;
}

/** Everything that the page can ask for. Loaded with the first request, because it brings the AWS SDK along. */
export const createApi = (platform: Platform, startedAt: number): ConsoleApi => {
  const { local, stage } = platform;
  const sessions = new Sessions(platform);
  const session = (): Session => sessions.new();
  const sqs = local?.aws?.sqs;
  const letters =
    local !== undefined && sqs !== undefined
      ? localDeadLetters(stage, sqs, () => local.recorder.logs.newestFirst())
      : remoteDeadLetters(session);
  const queues = () => readQueues(platform, session);
  const here = (): LocalPlatform => {
    if (local === undefined) throw notHere('This is possible on the local platform only.');
    return local;
  };
  const orders = local === undefined ? undefined : new OrderActions(local);
  const acting = (): OrderActions => {
    if (orders === undefined) throw notHere('Orders can be placed here on the local platform only.');
    return orders;
  };

  const about = (): About => ({
    mode: local === undefined ? 'aws' : 'local',
    stage,
    region: platform.target.region,
    version: readVersion(),
    startedAt,
    canChange: platform.canChange,
    features: featuresOf(platform),
    ...(local === undefined && { costNotice: COST_NOTICE }),
  });

  const topology = async (): Promise<Topology> => {
    const { topics } = await readTopology(session());
    return {
      topics: topics.map(({ topic, publisher, subscriptions, parked, streamFailures }) => ({
        topic,
        ...(publisher !== null && { publisher }),
        subscriptions: subscriptions.map(({ queue }) => queue),
        ...(parked !== null && { parkedQueue: `${stage}-dlq--${topic}.fifo` }),
        ...(streamFailures !== null && { streamFailuresQueue: `${stage}-dlq--${topic}--stream` }),
      })),
      stuck: topics.flatMap(({ stuck }) => stuck),
    };
  };

  const functions = (): readonly FunctionRow[] => {
    const { services, recorder } = here();
    return services().flatMap((service) =>
      service.functions.map((each) => ({
        ...each,
        service: service.name,
        ...recorder.invocations.figuresOf(each.name),
      })),
    );
  };

  const events = ({ query }: ApiRequest) => {
    const wanted = text(query, 'text')?.toLowerCase();
    return here()
      .recorder.events.newestFirst()
      .filter((entry) => {
        if (!['topic', 'type', 'subject'].every((name) => matches(query, name, Reflect.get(entry, name))))
          return false;
        if (query.get('failed') === 'true' && !isFailing(entry)) return false;
        return wanted === undefined || JSON.stringify(entry.event).toLowerCase().includes(wanted);
      })
      .slice(0, limitOf(query));
  };

  const logs = ({ query }: ApiRequest) => {
    const wanted = text(query, 'text')?.toLowerCase();
    return here()
      .recorder.logs.newestFirst()
      .filter(({ functionName, level, orderId, requestId, service, line }) => {
        if (!matches(query, 'function', functionName) || !matches(query, 'service', service)) return false;
        if (!matches(query, 'order', orderId) || !matches(query, 'request', requestId)) return false;
        if (!atLeast(text(query, 'level'), level)) return false;
        return wanted === undefined || JSON.stringify(line).toLowerCase().includes(wanted);
      })
      .slice(0, limitOf(query));
  };

  const searchOrders = async ({ query }: ApiRequest) => {
    const search = {
      query: text(query, 'query') ?? '',
      status: text(query, 'status'),
      limit: limitOf(query, 50),
    };
    if (local === undefined) return searchIndexedOrders(session(), search);
    return searchAllOrders(session(), search, await letters.read());
  };

  const routes: Routes = {
    'GET /api/about': about,
    'GET /api/pulse': () => readPulse(platform, session),
    'GET /api/topology': topology,
    'GET /api/orders': searchOrders,
    'GET /api/orders/:orderId': async ({ params: { orderId = '' } }) => {
      const [deadLetters, known] = await Promise.all([letters.read(), queues()]);
      return readOrder(session(), orderId, { recorder: local?.recorder, deadLetters, queues: known });
    },
    'GET /api/events': events,
    'GET /api/queues': queues,
    'GET /api/queues/:name': async ({ params: { name = '' } }): Promise<QueueDetail> => {
      const queue = (await queues()).find((each) => each.name === name);
      if (queue === undefined) throw notFound(`Stage ${stage} has no queue ${name}.`);
      return readQueue(session(), queue, { sqs, letters });
    },
    'GET /api/dead-letters': () => letters.read(),
    'GET /api/functions': functions,
    'GET /api/logs': logs,
    'GET /api/tables': () => listTables(session()),
    'GET /api/tables/:table': ({ params: { table = '' }, query }) =>
      readItems(session(), {
        table,
        ...{ index: text(query, 'index'), partition: text(query, 'partition') },
        ...{ sort: text(query, 'sort'), after: text(query, 'after') },
      }),
    'GET /api/tables/:table/history': ({ params: { table = '' }, query }) =>
      here().recorder.items.of(table, Object.fromEntries(query)),
    'GET /api/apis': listApis,
    'GET /api/apis/:service': ({ params: { service = '' } }) => readApi(service),
    'GET /api/catalogue': async () => readCatalogue(await queues()),
    'GET /api/products': () => acting().products(),

    'POST /api/orders': ({ body }) => acting().place(body),
    'POST /api/products': () => acting().makeProducts(),
    'POST /api/orders/:orderId/cancel': ({ params: { orderId = '' } }) => acting().cancel(orderId),
    'POST /api/orders/:orderId/ship': ({ params: { orderId = '' } }) => acting().ship(orderId),
    'POST /api/orders/:orderId/replay': ({ params: { orderId = '' }, body }) =>
      replayOrder(sessions.new(), orderId, body),
    'POST /api/dead-letters/redrive': ({ body }) => redriveLetters(sessions.new(), body),
    'POST /api/dead-letters/drop': ({ body }) => dropLetters(sessions.new(), body),
    'POST /api/notifications/retry': ({ body }) => retryFailedNotifications(sessions.new(), body),
    'POST /api/faults': ({ body }) => here().faults.start(body),
    'POST /api/faults/clear': ({ body }) => {
      const { id }: { id?: string } = Object(body);
      return { cleared: here().faults.clear(id) };
    },
    'POST /api/services/:name/stop': async ({ params: { name = '' } }) => {
      await here().stopService(name);
      return { state: 'stopped' };
    },
    'POST /api/services/:name/start': async ({ params: { name = '' } }) => {
      await here().startService(name);
      return { state: 'running' };
    },
  };
  return {
    routes,
    mask: local === undefined ? maskPersonal : undefined,
    pulse: () => readPulse(platform, session),
    token: async () => orders?.token(),
    close: () => sessions.close(),
  };
};

const featuresOf = ({ local }: Platform): readonly Feature[] => {
  if (local === undefined) return [];
  const always: readonly Feature[] = ['functions', 'place-orders', 'api', 'faults'];
  return local.aws?.sqs === undefined ? always : [...always, 'history', 'messages'];
};

/** @returns undefined for a parameter that is absent or empty */
const text = (query: URLSearchParams, name: string): string | undefined =>
  query.get(name)?.trim() || undefined;

const matches = (query: URLSearchParams, name: string, value: unknown): boolean => {
  const wanted = text(query, name);
  return wanted === undefined || value === wanted;
};

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
const atLeast = (wanted: string | undefined, level: string): boolean =>
  wanted === undefined || LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);

const limitOf = (query: URLSearchParams, fallback = 200): number => {
  const limit = Number(query.get('limit') ?? fallback);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LONGEST_LIST) return limit;
  throw badRequest(`limit must be a whole number from 1 to ${LONGEST_LIST}.`);
};
