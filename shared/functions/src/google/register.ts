import * as v from 'valibot';
import { environment, text } from '../env.ts';
import type { RegisteredFunction } from '../portable/handlers.ts';
import { answerer, messageConsumer, taskConsumer, worker } from '../portable/invoke.ts';
import { logInWith } from '../postgres/client.ts';
import { identityToken } from './identity.ts';
import { verifyCaller } from './verify-caller.ts';

/** What is used of `@google-cloud/functions-framework`: https://github.com/GoogleCloudPlatform/functions-framework-nodejs */
interface Framework {
  http(name: string, handler: (request: Request, response: Response) => Promise<void>): void;
}

/** An Express request with the body as it came. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody?: Buffer;
}

interface Response {
  status(code: number): Response;
  set(headers: Readonly<Record<string, string>>): Response;
  /** @param body a text is sent with the headers that were set */
  send(body?: string): unknown;
}

/**
 * Registers the functions of a service with Google's Functions Framework: all are HTTP functions. Pub/Sub, Cloud Tasks and Cloud
 * Scheduler post to theirs with a token of the service account, which is verified.
 */
export function register(framework: Framework, functions: readonly RegisteredFunction[]): void {
  logInWith(identityToken);
  for (const registered of functions) framework.http(registered.name, handlerOf(registered));
}

type HttpFunction = (request: Request, response: Response) => Promise<void>;

function handlerOf(registered: RegisteredFunction): HttpFunction {
  switch (registered.trigger.kind) {
    case 'route':
    case 'fallback':
      return requestHandler(registered);
    case 'subscription':
      return pushHandler(registered);
    case 'tasks':
      return taskHandler(registered);
    case 'publisher':
    case 'schedule':
      return workHandler(registered);
  }
}

function requestHandler(registered: RegisteredFunction): HttpFunction {
  const answer = answerer(registered);
  const { trigger } = registered;
  const parametersOf = pathReader(trigger.kind === 'route' ? trigger.path : '');
  return async (request, response) => {
    const { status, headers, body } = await answer({
      method: request.method,
      path: request.path,
      pathParameters: parametersOf(request.path),
      query: Object.fromEntries(new URL(request.originalUrl, 'http://function').searchParams),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: () => request.rawBody ?? Buffer.alloc(0),
    });
    response.status(status).set(headers).send(body);
  };
}

/** @param template e.g. `/orders/{orderId}` @returns reads the parameters of a path, which the gateway has matched */
function pathReader(template: string): (path: string) => Readonly<Record<string, string>> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`);
  return (path) => {
    const values = pattern.exec(path)?.slice(1) ?? [];
    return Object.fromEntries(names.map((name, at) => [name, decoded(values[at] ?? '')]));
  };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const Push = v.object({
  message: v.object({ data: v.string(), messageId: v.string() }),
  subscription: v.string(),
  // Only where the subscription has a dead-letter topic.
  deliveryAttempt: v.optional(v.number(), 1),
});

/** A body that Pub/Sub has not sent is refused; anything that is not handled is redelivered. */
function pushHandler(registered: RegisteredFunction): HttpFunction {
  const handle = messageConsumer(registered);
  return calledByGoogle(async (body) => {
    const push = v.parse(Push, JSON.parse(body));
    await handle({
      id: push.message.messageId,
      body: Buffer.from(push.message.data, 'base64').toString('utf8'),
      queue: push.subscription.split('/').at(-1),
      receiveCount: push.deliveryAttempt,
    });
  });
}

function taskHandler(registered: RegisteredFunction): HttpFunction {
  const handle = taskConsumer(registered);
  return calledByGoogle((body, { 'x-cloudtasks-taskname': id }) => handle({ id: String(id), body }));
}

function workHandler(registered: RegisteredFunction): HttpFunction {
  const work = worker(registered);
  return calledByGoogle(async () => {
    await work();
  });
}

/** 204 where it went well, 401 for a caller without the token, 503 for a later try. */
function calledByGoogle(work: (body: string, headers: Request['headers']) => Promise<void>): HttpFunction {
  const { SERVICE_ACCOUNT: account } = environment({ SERVICE_ACCOUNT: text });
  return async ({ headers, rawBody = Buffer.alloc(0) }, response) => {
    if (!(await verifyCaller(headers.authorization, account))) {
      response.status(401).send();
      return;
    }
    try {
      await work(rawBody.toString('utf8'), headers);
      response.status(204).send();
    } catch {
      // The log has it.
      response.status(503).send();
    }
  };
}
