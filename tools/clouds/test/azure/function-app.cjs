// A function app as esbuild bundles one, for the tests of the host.
const { app } = require('@azure/functions');

const route = (name, methods, path, answer = {}) =>
  app.http(name, {
    methods,
    authLevel: 'anonymous',
    route: path,
    handler: async (request, context) => ({
      jsonBody: {
        name,
        method: request.method,
        url: request.url,
        params: request.params,
        query: Object.fromEntries(request.query),
        tenant: request.headers.get('x-tenant'),
        body: await request.text(),
        invocationId: context.invocationId,
      },
      ...answer,
    }),
  });

route('list', ['GET'], 'orders');
route('place', ['POST'], 'orders', { status: 201, headers: { location: '/orders/1' } });
route('get', ['GET'], 'orders/{orderId}');
route('mine', ['GET'], 'orders/mine');
route('cancel', ['POST'], 'orders/{orderId}/cancel');
route('fallback', ['GET', 'POST', 'DELETE'], '{*path}', { status: 404 });

app.http('nothing', { methods: ['PUT'], route: 'nothing', handler: async () => undefined });
app.http('fail', {
  methods: ['PUT'],
  route: 'fail',
  handler: async (_request, context) => {
    console.log('{"level":"INFO","message":"about to fail"}');
    context.error('it', 'fails');
    throw new Error('The function failed.');
  },
});

const log = (context, message) =>
  console.log(JSON.stringify({ function: context.functionName, message, metadata: context.triggerMetadata }));
const attempts = new Map();
let running = 0;

app.serviceBusTopic('consume', {
  connection: 'BUS',
  topicName: '%STAGE%-events',
  subscriptionName: 'orders',
  isSessionsEnabled: true,
  async handler(message, context) {
    const { sessionId } = context.triggerMetadata;
    running++;
    const attempt = (attempts.get(message.id) ?? 0) + 1;
    attempts.set(message.id, attempt);
    await new Promise((resolve) => setTimeout(resolve, 20));
    log(context, { ...message, attempt, running, session: sessionId });
    running--;
    if (message.fails >= attempt) throw new Error('Not yet.');
  },
});

app.serviceBusQueue('mail', {
  connection: 'BUS',
  queueName: 'mails',
  handler: async (message, context) => log(context, message),
});

app.timer('tick', { schedule: '* * * * * *', handler: async (timer, context) => log(context, timer) });
app.timer('sweep', { schedule: '0 0 0 1 1 *', handler: async (timer, context) => log(context, timer) });
