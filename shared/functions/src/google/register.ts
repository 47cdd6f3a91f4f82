import type { RegisteredFunction } from '../portable/handlers.ts';
import { answerer, messageConsumer, taskConsumer, worker } from '../portable/invoke.ts';
import { parametersOf } from '../portable/parameters.ts';
import { logInWith } from '../postgres/client.ts';
import { calledByGoogle, type HttpFunction, type HttpRequest } from './called-by-google.ts';
import { identityToken } from './identity.ts';
import { contentTypeOf, keepRequests } from './keep-requests.ts';
import { readPush } from './push.ts';

/** What is used of `@google-cloud/functions-framework`: https://github.com/GoogleCloudPlatform/functions-framework-nodejs */
interface Framework {
  http(name: string, handler: HttpFunction): void;
}

/**
 * Registers the functions of a service with Google's Functions Framework: all are HTTP functions. Pub/Sub, Cloud Tasks and Cloud
 * Scheduler post to theirs with a token of the service account, which is verified.
 *
 * Environment: that of `callerVerifier`, where functions are for such posts.
 */
export function register(framework: Framework, functions: readonly RegisteredFunction[]): void {
  logInWith(identityToken);
  keepRequests();
  for (const registered of functions) framework.http(registered.name, handlerOf(registered));
}

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
  const pathParametersOf = pathReader(trigger.kind === 'route' ? trigger.path : '');
  return async (request, response) => {
    const { pathname, searchParams } = urlOf(request);
    const { status, headers, body } = await answer({
      method: request.method,
      path: pathname,
      pathParameters: pathParametersOf(pathname),
      query: parametersOf(searchParams),
      headers: headersOf(request),
      body: () => request.rawBody ?? Buffer.alloc(0),
    });
    response.writeHead(status, headers).end(body);
  };
}

/** A path that begins with two slashes would be taken for a host. */
const urlOf = ({ url }: HttpRequest): URL =>
  new URL(`http://function${url.startsWith('/') ? url : `/${url}`}`);

function headersOf(request: HttpRequest): Readonly<Record<string, string>> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const contentType = contentTypeOf(request);
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
    return Object.fromEntries(values.map((value, at) => [names[at], decodeURIComponent(value)]));
  };
}

function pushHandler(registered: RegisteredFunction): HttpFunction {
  const handle = messageConsumer(registered);
  return calledByGoogle(registered.name, (body) => handle(readPush(body)));
}

function taskHandler(registered: RegisteredFunction): HttpFunction {
  const handle = taskConsumer(registered);
  return calledByGoogle(registered.name, (body, { 'x-cloudtasks-taskname': id }) =>
    handle({ id: String(id), body }),
  );
}

function workHandler(registered: RegisteredFunction): HttpFunction {
  const work = worker(registered);
  return calledByGoogle(registered.name, () => work());
}
