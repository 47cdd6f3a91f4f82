import { randomUUID } from 'node:crypto';
import { answering } from '../http/answering.ts';
import type { EdgeAnswer, EdgeRequest } from '../http/edge.ts';
import type { Message } from '../messaging/message.ts';
import type { Task } from '../messaging/task.ts';
import { inRequestContext } from '../observability/request-context.ts';
import type { RegisteredFunction } from './handlers.ts';
import { inInvocation } from './invocation.ts';
import { authorize } from './verify-token.ts';

type Request = Omit<EdgeRequest, 'claims' | 'route'>;

/** @throws TypeError for a function whose handler is not for its trigger */
function handlerOf<Kind extends RegisteredFunction['handler']['kind']>(
  { name, handler }: RegisteredFunction,
  kind: Kind,
) {
  if (handler.kind === kind) return handler as Extract<typeof handler, { readonly kind: Kind }>;
  throw new TypeError(`The function ${name} handles ${handler.kind}, and is registered for ${kind}`);
}

/** Answers a request for a route, or for none of them. It checks the caller's token where the route has scopes. */
export function answerer(registered: RegisteredFunction) {
  const { name: functionName, trigger } = registered;
  const { answer } = handlerOf(registered, 'requests');
  const [route, scopes] =
    trigger.kind === 'route'
      ? ([`${trigger.method} ${trigger.path}`, trigger.scopes] as const)
      : [undefined, []];
  return (request: Request, requestId: string = randomUUID()): Promise<EdgeAnswer> =>
    inInvocation({ functionName, requestId }, async () => {
      const edge = { ...request, route, claims: undefined, body: () => request.body() };
      try {
        const claims = await authorize(request.headers.authorization, scopes);
        return await answer({ ...edge, claims }, requestId);
      } catch (error) {
        return answering(() => Promise.reject(error))(edge, requestId);
      }
    });
}

/** How much time an invocation has left. */
function remaining({ timeoutSeconds }: RegisteredFunction): () => number {
  const end = Date.now() + timeoutSeconds * 1_000;
  return () => end - Date.now();
}

/** Handles messages of a subscription one by one; rejects for one that has to be redelivered. */
export function messageConsumer(registered: RegisteredFunction) {
  const { name: functionName } = registered;
  const { handle } = handlerOf(registered, 'messages');
  return (message: Message, requestId: string = randomUUID()): Promise<void> =>
    inInvocation({ functionName, requestId }, async () => {
      const handled = await handle(message, { remainingMs: remaining(registered) });
      if (!handled) throw new NotHandledError(`Message ${message.id}, see the log`);
    });
}

/** Handles tasks one by one; rejects for one that has to be redelivered. */
export function taskConsumer(registered: RegisteredFunction) {
  const { name: functionName } = registered;
  const { handle } = handlerOf(registered, 'tasks');
  return (task: Task, requestId: string = randomUUID()): Promise<void> =>
    inInvocation({ functionName, requestId }, async () => {
      const invocation = { remainingMs: remaining(registered) };
      const context = { correlationId: requestId, causationId: requestId };
      const failed = await inRequestContext(context, () => handle([task], invocation));
      if (failed.length > 0) throw new NotHandledError(`Task ${task.id}, see the log`);
    });
}

/** Does what is due; rejects as the function does. */
export function worker(registered: RegisteredFunction) {
  const { name: functionName } = registered;
  const { work } = handlerOf(registered, 'work');
  return (requestId: string = randomUUID()): Promise<unknown> =>
    inInvocation({ functionName, requestId }, () => work(remaining(registered)));
}

/** The platform redelivers what a function rejects. */
class NotHandledError extends Error {
  override readonly name = 'NotHandledError';
}
