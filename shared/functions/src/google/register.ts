import { subscribe } from 'node:diagnostics_channel';
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
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody?: Buffer;
}

/** What Node.js has for answers: Express' own functions would add a charset to content types. */
interface Response {
  writeHead(status: number, headers?: Readonly<Record<string, string>>): Response;
  end(body?: string): unknown;
}

/**
 * Registers the functions of a service with Google's Functions Framework: all are HTTP functions. Pub/Sub, Cloud Tasks and Cloud
 * Scheduler post to theirs with a token of the service account, which is verified.
 */
export function register(framework: Framework, functions: readonly RegisteredFunction[]): void {
  logInWith(identityToken);
  keepRequests();
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
    const { pathname, searchParams } = urlOf(request);
    const { status, headers, body } = await answer({
      method: request.method,
      path: pathname,
      pathParameters: parametersOf(pathname),
      query: queryOf(searchParams),
      headers: headersOf(request),
      body: () => request.rawBody ?? Buffer.alloc(0),
    });
    response.writeHead(status, headers).end(body);
  };
}

/** A path that begins with two slashes would be taken for a host. */
const urlOf = ({ url }: Request): URL => new URL(`http://function${url.startsWith('/') ? url : `/${url}`}`);

/** Several values of a parameter with commas between them, as API Gateway does. */
function queryOf(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const names = new Set(parameters.keys());
  return Object.fromEntries([...names].map((name) => [name, parameters.getAll(name).join(',')]));
}

function headersOf(request: Request): Readonly<Record<string, string>> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const contentType = contentTypes.get(request);
  return {
    ...Object.fromEntries(headers),
    ...(contentType !== undefined && { 'content-type': contentType }),
  };
}

/** @param template e.g. `/orders/{orderId}` @returns reads the parameters of a path, which the gateway has matched */
function pathReader(template: string): (path: string) => Readonly<Record<string, string>> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`);
  return (path) => {
    const values = pattern.exec(path)?.slice(1) ?? [];
    return Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')]));
  };
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
    let status = 204;
    try {
      if (!(await verifyCaller(headers.authorization, account))) status = 401;
      else await work(rawBody.toString('utf8'), headers);
    } catch {
      // The log has it.
      status = 503;
    }
    response.writeHead(status).end();
  };
}

/** The content types that requests came with. */
const contentTypes = new WeakMap<object, string>();
let isKeeping = false;

/** A request as Node.js shows it before anybody else sees it. */
interface Arrived {
  readonly request: { url: string; readonly headers: Record<string, string | undefined> };
}

/**
 * Has the framework hand on what it would refuse with a page of HTML: it parses bodies as JSON and decodes paths. It takes
 * every body for bytes, and a `%` of a path that encodes nothing for itself.
 *
 * https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http
 */
function keepRequests(): void {
  if (isKeeping) return;
  isKeeping = true;
  subscribe('http.server.request.start', (message) => {
    const { request } = message as Arrived;
    request.url = wellEncoded(request.url);
    const { 'content-type': contentType } = request.headers;
    if (contentType === undefined) return;
    contentTypes.set(request, contentType);
    request.headers['content-type'] = 'application/octet-stream';
  });
}

function wellEncoded(url: string): string {
  const [path = ''] = url.split('?', 1);
  const segments = path
    .split('/')
    .map((segment) => (isEncoded(segment) ? segment : segment.replaceAll('%', '%25')));
  return segments.join('/') + url.slice(path.length);
}

function isEncoded(segment: string): boolean {
  try {
    decodeURIComponent(segment);
    return true;
  } catch {
    return false;
  }
}
