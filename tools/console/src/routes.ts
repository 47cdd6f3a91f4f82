import { maskPersonal } from '@orderly/functions/observability/mask';
import { OrderActions } from './actions/orders.ts';
import { ServiceApis } from './actions/service-apis.ts';
import { WebhookActions } from './actions/webhooks.ts';
import type { Pulse, QueueDetail } from './api.ts';
import type { FaultSwitch } from './faults.ts';
import { notFound, notHere } from './http/problem.ts';
import { limitIn, textIn } from './http/query.ts';
import type { Routes } from './http/router.ts';
import type { LocalPlatform, LocalService, Platform } from './platform.ts';
import { awsStage } from './stages/aws.ts';
import { cloudStage } from './stages/cloud.ts';
import { readAbout } from './views/about.ts';
import { listApis, readApi } from './views/apis.ts';
import { readCatalogue } from './views/catalogue.ts';
import { readPulse } from './views/live-state.ts';
import { listFunctions, selectEvents, selectLogs } from './views/recorded.ts';
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
  const read = local?.cloud ? cloudStage(stage, local, local.cloud) : awsStage(platform);
  const pulse = async () => readPulse(platform, await read.queues());
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

  const faults = (): FaultSwitch => {
    const { faults: there } = here();
    if (there === undefined) throw notHere('Nothing can be made to fail here.');
    return there;
  };

  /** @throws Refusal for one that there is not */
  const service = (name: string): LocalService => {
    const found = here()
      .services()
      .find((each) => each.name === name);
    if (found === undefined) throw notFound(`There is no service ${name}.`);
    return found;
  };

  const routes: Routes = {
    'GET /api/about': () => readAbout(platform, startedAt),
    'GET /api/pulse': pulse,
    'GET /api/topology': () => read.topology(),
    'GET /api/orders': ({ query }) =>
      read.searchOrders({
        query: textIn(query, 'query') ?? '',
        status: textIn(query, 'status'),
        limit: limitIn(query, 50),
      }),
    'GET /api/orders/:orderId': ({ params: { orderId = '' } }) => read.order(orderId),
    'GET /api/events': ({ query }) => selectEvents(here(), query),
    'GET /api/queues': () => read.queues(),
    'GET /api/queues/:name': async ({ params: { name = '' } }): Promise<QueueDetail> => {
      const queue = (await read.queues()).find((each) => each.name === name);
      if (queue === undefined) throw notFound(`Stage ${stage} has no queue ${name}.`);
      return read.queue(queue);
    },
    'GET /api/dead-letters': () => read.deadLetters.read(),
    'GET /api/functions': () => listFunctions(here()),
    'GET /api/logs': ({ query }) => selectLogs(here(), query),
    'GET /api/tables': () => read.tables(),
    'GET /api/tables/:table': ({ params: { table = '' }, query }) =>
      read.items({
        table,
        ...{ index: textIn(query, 'index'), partition: textIn(query, 'partition') },
        ...{ sort: textIn(query, 'sort'), after: textIn(query, 'after') },
      }),
    'GET /api/tables/:table/history': ({ params: { table = '' }, query }) =>
      here().recorder.items.of(table, Object.fromEntries(query)),
    'GET /api/apis': listApis,
    'GET /api/apis/:service': ({ params: { service = '' } }) => readApi(service),
    'GET /api/catalogue': async () => readCatalogue(await read.queues()),
    'GET /api/products': () => acting().products(),
    'GET /api/webhooks': () => hooks().views.list(),
    'GET /api/webhooks/:endpointId': ({ params: { endpointId = '' }, query }) =>
      hooks().views.one(endpointId, { limit: limitIn(query, 50), after: textIn(query, 'after') }),

    'POST /api/orders': ({ body }) => acting().place(body),
    'POST /api/products': () => acting().makeProducts(),
    'POST /api/orders/:orderId/cancel': ({ params: { orderId = '' } }) => acting().cancel(orderId),
    'POST /api/orders/:orderId/ship': ({ params: { orderId = '' } }) => acting().ship(orderId),
    'POST /api/orders/:orderId/replay': ({ params: { orderId = '' }, body }) => read.replay(orderId, body),
    'POST /api/dead-letters/redrive': ({ body }) => read.redrive(body),
    'POST /api/dead-letters/drop': ({ body }) => read.drop(body),
    'POST /api/notifications/retry': ({ body }) => read.retryNotifications(body),
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
    'POST /api/faults': ({ body }) => faults().start(body),
    'POST /api/faults/clear': ({ body }) => {
      const { id }: { id?: string } = Object(body);
      return { cleared: faults().clear(id) };
    },
    'POST /api/services/:name/stop': async ({ params: { name = '' } }) => {
      await here().stopService(service(name).name);
      return { state: 'stopped' };
    },
    'POST /api/services/:name/start': async ({ params: { name = '' } }) => {
      if (service(name).state !== 'stopped') throw notHere(`${name} is running already.`);
      await here().startService(name);
      return { state: 'running' };
    },
  };
  return {
    routes,
    mask: local === undefined ? maskPersonal : undefined,
    pulse,
    token: async () => apis?.token(),
    close: () => read.close(),
  };
};
