import { randomUUID } from 'node:crypto';
import { answering } from '../http/answering.ts';
import type { EdgeAnswer, EdgeRequest } from '../http/edge.ts';
import type { Message } from '../messaging/message.ts';
import type { Task } from '../messaging/task.ts';
import { flushMetrics } from '../observability/metrics.ts';
import { inRequestContext } from '../observability/request-context.ts';
import { publishTouched } from '../postgres/publish.ts';
import { authorize } from './authorize.ts';
import type { Handler, RegisteredFunction } from './handlers.ts';
import { inInvocation } from './invocation.ts';

/** The platform redelivers what a function rejects. */
export class NotHandledError extends Error {
  override readonly name = 'NotHandledError';
}

/** @throws TypeError for a function whose handler is not for its trigger */
function handlerOf<Kind extends Handler['kind']>({ name, handler }: RegisteredFunction, kind: Kind) {
  if (handler.kind === kind) return handler as Extract<Handler, { readonly kind: Kind }>;
  throw new TypeError(`The function ${name} handles ${handler.kind}, and is registered for ${kind}`);
}

/** Runs an invocation. At its end the events that it has committed are published, and its metrics are written. */
function invoke<T>(functionName: string, requestId: string, work: () => Promise<T>): Promise<T> {
  return inInvocation({ functionName, requestId }, async () => {
    try {
      return await work();
    } finally {
      await publishTouched();
      flushMetrics();
    }
  });
}

/** How much time an invocation has left. */
function remaining({ timeoutSeconds }: RegisteredFunction): () => number {
  const end = Date.now() + timeoutSeconds * 1_000;
  return () => end - Date.now();
}

type Request = Omit<EdgeRequest, 'claims' | 'route'>;

/** Answers requests for a route, or for none. It checks the caller's token where the route has scopes. */
export function answerer(registered: RegisteredFunction) {
  const { name, trigger } = registered;
  const { answer } = handlerOf(registered, 'requests');
  const isRoute = trigger.kind === 'route';
  const route = isRoute ? `${trigger.method} ${trigger.path}` : undefined;
  const scopes = isRoute ? trigger.scopes : [];
  return (request: Request, requestId: string = randomUUID()): Promise<EdgeAnswer> =>
    invoke(name, requestId, async () => {
      const edge = { ...request, route, claims: undefined };
      try {
        const authorized = await authorize(request.headers.authorization, scopes);
        if (authorized.outcome === 'allowed')
          return await answer({ ...edge, claims: authorized.claims }, requestId);
        return await answering(async () => authorized.answer)(edge, requestId);
      } catch (error) {
        return answering(() => Promise.reject(error))(edge, requestId);
      }
    });
}

/** Handles messages of a subscription one by one. @throws NotHandledError for one that has to be redelivered */
export function messageConsumer(registered: RegisteredFunction) {
  const { handle } = handlerOf(registered, 'messages');
  return (message: Message, requestId: string = randomUUID()): Promise<void> =>
    invoke(registered.name, requestId, async () => {
      const handled = await handle(message, { remainingMs: remaining(registered) });
      if (!handled) throw new NotHandledError(`Message ${message.id}, see the log`);
    });
}

/** Handles tasks one by one. @throws NotHandledError for one that has to be redelivered */
export function taskConsumer(registered: RegisteredFunction) {
  const { handle } = handlerOf(registered, 'tasks');
  return (task: Task, requestId: string = randomUUID()): Promise<void> =>
    invoke(registered.name, requestId, async () => {
      const context = { correlationId: requestId, causationId: requestId };
      const invocation = { remainingMs: remaining(registered) };
      const failed = await inRequestContext(context, () => handle([task], invocation));
      if (failed.length > 0) throw new NotHandledError(`Task ${task.id}, see the log`);
    });
}

/** Does what is due. @throws what the function throws */
export function worker(registered: RegisteredFunction) {
  const { work } = handlerOf(registered, 'work');
  return (requestId: string = randomUUID()): Promise<unknown> =>
    invoke(registered.name, requestId, () => work(remaining(registered)));
}
