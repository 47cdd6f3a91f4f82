import { environment, number, text } from '../env.ts';
import type { Task } from '../messaging/task.ts';
import type { RegisteredFunction } from '../portable/handlers.ts';
import { answerer, messageConsumer, taskConsumer, worker } from '../portable/invoke.ts';
import { parametersOf } from '../portable/parameters.ts';
import { logInWith } from '../postgres/client.ts';
import { backingOff, type Received } from './back-off.ts';
import { identityToken } from './identity.ts';

/** What is used of `@azure/functions`: https://learn.microsoft.com/en-us/azure/azure-functions/functions-reference-node */
interface App {
  http(name: string, options: HttpOptions): void;
  serviceBusTopic(name: string, options: SubscriptionOptions): void;
  serviceBusQueue(name: string, options: QueueOptions): void;
  timer(name: string, options: TimerOptions): void;
}

interface HttpOptions {
  readonly methods: readonly string[];
  readonly authLevel: 'anonymous';
  readonly route: string;
  handler(request: HttpRequest, context: InvocationContext): Promise<object>;
}

interface SubscriptionOptions {
  readonly connection: string;
  readonly topicName: string;
  readonly subscriptionName: string;
  readonly isSessionsEnabled: true;
  handler(message: unknown, context: InvocationContext): Promise<void>;
}

interface QueueOptions {
  readonly connection: string;
  readonly queueName: string;
  handler(message: unknown, context: InvocationContext): Promise<void>;
}

interface TimerOptions {
  /** With seconds: https://github.com/atifaziz/NCrontab */
  readonly schedule: string;
  handler(timer: unknown, context: InvocationContext): Promise<void>;
}

interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: { entries(): IterableIterator<[string, string]> };
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface InvocationContext {
  readonly invocationId: string;
  readonly triggerMetadata?: Readonly<Record<string, unknown>>;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'];
/** Of the trigger's identity: `SERVICE_BUS__fullyQualifiedNamespace`. */
const connection = 'SERVICE_BUS';
/** The sweep of outboxes, in seconds. */
const sweepSeconds = 10;

/**
 * Registers the functions of a service with Azure Functions. Every route is anonymous for Azure, because the function checks
 * the caller's token itself.
 *
 * Environment: `STAGE`, `POWERTOOLS_SERVICE_NAME`: the names of the topic and the subscription; `MAX_RECEIVE_COUNT`.
 */
export function register(app: App, functions: readonly RegisteredFunction[]): void {
  const env = environment({ STAGE: text, POWERTOOLS_SERVICE_NAME: text, MAX_RECEIVE_COUNT: number(5) });
  logInWith(identityToken('https://ossrdbms-aad.database.windows.net'));
  for (const registered of functions) {
    const { name, trigger } = registered;
    switch (trigger.kind) {
      case 'route':
        app.http(name, httpOptions([trigger.method], trigger.path.slice(1), registered));
        break;
      case 'fallback':
        app.http(name, httpOptions(methods, '{*path}', registered));
        break;
      case 'subscription': {
        const topicName = `${env.STAGE}-${trigger.topic}`;
        const subscriptionName = env.POWERTOOLS_SERVICE_NAME;
        const queue = `${topicName}/${subscriptionName}`;
        const handler = messageHandler(registered, queue, env.MAX_RECEIVE_COUNT);
        app.serviceBusTopic(name, {
          connection,
          topicName,
          subscriptionName,
          isSessionsEnabled: true,
          handler,
        });
        break;
      }
      case 'tasks':
        app.serviceBusQueue(name, {
          connection,
          queueName: trigger.queue,
          handler: taskHandler(registered, env.MAX_RECEIVE_COUNT),
        });
        break;
      case 'publisher':
        app.timer(name, timerOptions(sweepSeconds, registered));
        break;
      case 'schedule':
        if (trigger.enabled) app.timer(name, timerOptions(trigger.everySeconds, registered));
        break;
    }
  }
}

function httpOptions(methods: readonly string[], route: string, registered: RegisteredFunction): HttpOptions {
  const answer = answerer(registered);
  return {
    methods,
    authLevel: 'anonymous',
    route,
    async handler(request, { invocationId }) {
      const body = Buffer.from(await request.arrayBuffer());
      const edge = {
        method: request.method,
        path: new URL(request.url).pathname,
        pathParameters: request.params,
        query: parametersOf(request.query),
        headers: Object.fromEntries(request.headers.entries()),
        body: () => body,
      };
      return answer(edge, invocationId);
    },
  };
}

/** Azure parses a message of JSON before the function sees it, and passes on one that is no UTF-8 as bytes. */
function bodyOf(message: unknown): string {
  if (typeof message === 'string') return message;
  return Buffer.isBuffer(message) ? message.toString('utf8') : JSON.stringify(message);
}

function messageHandler(
  registered: RegisteredFunction,
  queue: string,
  maxReceives: number,
): SubscriptionOptions['handler'] {
  const handle = backingOff(messageConsumer(registered), maxReceives);
  return (message, { invocationId, triggerMetadata = {} }) => {
    const { messageId, deliveryCount } = triggerMetadata;
    const receiveCount = Number(deliveryCount ?? 1);
    return handle({ id: String(messageId), body: bodyOf(message), queue, receiveCount }, invocationId);
  };
}

function taskHandler(registered: RegisteredFunction, maxReceives: number): QueueOptions['handler'] {
  const consume = taskConsumer(registered);
  const handle = backingOff<Task & Received>(
    ({ id, body }, invocationId) => consume({ id, body }, invocationId),
    maxReceives,
  );
  return (message, { invocationId, triggerMetadata = {} }) => {
    const { messageId, deliveryCount } = triggerMetadata;
    const receiveCount = Number(deliveryCount ?? 1);
    return handle({ id: String(messageId), body: bodyOf(message), receiveCount }, invocationId);
  };
}

function timerOptions(everySeconds: number, registered: RegisteredFunction): TimerOptions {
  const work = worker(registered);
  return {
    schedule: cron(everySeconds),
    async handler(_timer, { invocationId }) {
      await work(invocationId);
    },
  };
}

/** NCRONTAB with seconds. @throws TypeError for a time that does not divide a minute, an hour, or a day */
function cron(seconds: number): string {
  if (60 % seconds === 0 && seconds < 60) return `*/${seconds} * * * * *`;
  const minutes = seconds / 60;
  if (Number.isInteger(minutes) && 60 % minutes === 0 && minutes < 60) return `0 */${minutes} * * * *`;
  const hours = minutes / 60;
  if (Number.isInteger(hours) && 24 % hours === 0 && hours < 24) return `0 0 */${hours} * * *`;
  if (hours === 24) return '0 0 0 * * *';
  throw new TypeError(`Every ${seconds} seconds is no schedule of Azure Functions`);
}
