import type { Session } from '@orderly/cli/session';
import { maskPersonal } from '@orderly/functions/observability/mask';
import { OrderActions } from './actions/orders.ts';
import { dropLetters, redriveLetters, replayOrder, retryFailedNotifications } from './actions/recovery.ts';
import { ServiceApis } from './actions/service-apis.ts';
import { WebhookActions } from './actions/webhooks.ts';
import type { Pulse, QueueDetail } from './api.ts';
import { notFound, notHere } from './http/problem.ts';
import { limitIn, textIn } from './http/query.ts';
import type { ApiRequest, Routes } from './http/router.ts';
import type { LocalPlatform, Platform } from './platform.ts';
import { Sessions } from './session.ts';
import { readAbout } from './views/about.ts';
import { listApis, readApi } from './views/apis.ts';
import { readCatalogue } from './views/catalogue.ts';
import { localDeadLetters, remoteDeadLetters } from './views/dead-letters.ts';
import { readPulse, readQueues } from './views/live-state.ts';
import { readOrder } from './views/order.ts';
import { searchAllOrders, searchIndexedOrders } from './views/orders.ts';
import { readQueue } from './views/queue.ts';
import { listFunctions, selectEvents, selectLogs } from './views/recorded.ts';
import { listTables, readItems } from './views/tables.ts';
import { readGraph } from './views/topology.ts';
import { Webhooks } from './views/webhooks.ts';

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
  const apis = local === undefined ? undefined : new ServiceApis(local);
  const orders = local && apis && new OrderActions(local, apis);
  const acting = (): OrderActions => {
    if (orders === undefined) throw notHere('Orders can be placed here on the local platform only.');
    return orders;
  };
  const webhooks = local &&
    apis && { views: new Webhooks(stage, local, apis), actions: new WebhookActions(apis) };
  const hooks = (): NonNullable<typeof webhooks> => {
    if (webhooks === undefined) throw notHere('Webhooks are shown on the local platform only.');
    return webhooks;
  };

  const searchOrders = async ({ query }: ApiRequest) => {
    const status = textIn(query, 'status');
    const search = { query: textIn(query, 'query') ?? '', status, limit: limitIn(query, 50) };
    if (local === undefined) return searchIndexedOrders(session(), search);
    return searchAllOrders(session(), search, await letters.read());
  };

  const routes: Routes = {
    'GET /api/about': () => readAbout(platform, startedAt),
    'GET /api/pulse': () => readPulse(platform, session),
    'GET /api/topology': () => readGraph(session()),
    'GET /api/orders': searchOrders,
    'GET /api/orders/:orderId': async ({ params: { orderId = '' } }) => {
      const [deadLetters, known] = await Promise.all([letters.read(), queues()]);
      return readOrder(session(), orderId, { recorder: local?.recorder, deadLetters, queues: known });
    },
    'GET /api/events': ({ query }) => selectEvents(here(), query),
    'GET /api/queues': queues,
    'GET /api/queues/:name': async ({ params: { name = '' } }): Promise<QueueDetail> => {
      const queue = (await queues()).find((each) => each.name === name);
      if (queue === undefined) throw notFound(`Stage ${stage} has no queue ${name}.`);
      return readQueue(session(), queue, { sqs, letters });
    },
    'GET /api/dead-letters': () => letters.read(),
    'GET /api/functions': () => listFunctions(here()),
    'GET /api/logs': ({ query }) => selectLogs(here(), query),
    'GET /api/tables': () => listTables(session()),
    'GET /api/tables/:table': ({ params: { table = '' }, query }) =>
      readItems(session(), {
        table,
        ...{ index: textIn(query, 'index'), partition: textIn(query, 'partition') },
        ...{ sort: textIn(query, 'sort'), after: textIn(query, 'after') },
      }),
    'GET /api/tables/:table/history': ({ params: { table = '' }, query }) =>
      here().recorder.items.of(table, Object.fromEntries(query)),
    'GET /api/apis': listApis,
    'GET /api/apis/:service': ({ params: { service = '' } }) => readApi(service),
    'GET /api/catalogue': async () => readCatalogue(await queues()),
    'GET /api/products': () => acting().products(),
    'GET /api/webhooks': () => hooks().views.list(),
    'GET /api/webhooks/:endpointId': ({ params: { endpointId = '' }, query }) =>
      hooks().views.one(endpointId, { limit: limitIn(query, 50), after: textIn(query, 'after') }),

    'POST /api/orders': ({ body }) => acting().place(body),
    'POST /api/products': () => acting().makeProducts(),
    'POST /api/orders/:orderId/cancel': ({ params: { orderId = '' } }) => acting().cancel(orderId),
    'POST /api/orders/:orderId/ship': ({ params: { orderId = '' } }) => acting().ship(orderId),
    'POST /api/orders/:orderId/replay': ({ params: { orderId = '' }, body }) =>
      replayOrder(sessions.new(), orderId, body),
    'POST /api/dead-letters/redrive': ({ body }) => redriveLetters(sessions.new(), body),
    'POST /api/dead-letters/drop': ({ body }) => dropLetters(sessions.new(), body),
    'POST /api/notifications/retry': ({ body }) => retryFailedNotifications(sessions.new(), body),
    'POST /api/webhooks': ({ body }) => hooks().actions.register(body),
    'POST /api/webhooks/retry': ({ body }) => hooks().actions.retry(body),
    'POST /api/webhooks/:endpointId/status': ({ params: { endpointId = '' }, body }) =>
      hooks().actions.setStatus(endpointId, body),
    'POST /api/webhooks/:endpointId/delete': ({ params: { endpointId = '' } }) =>
      hooks().actions.delete(endpointId),
    'POST /api/webhooks/:endpointId/secret': ({ params: { endpointId = '' } }) =>
      hooks().actions.rotateSecret(endpointId),
    'POST /api/webhooks/:endpointId/test': ({ params: { endpointId = '' } }) =>
      hooks().actions.test(endpointId),
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
    token: async () => apis?.token(),
    close: () => sessions.close(),
  };
};
