import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Clock } from '@orderly/aws/clock';
import { listen } from '@orderly/aws/protocol/listen';
import { bytes, type Fields, part, refuseUnknown, text, texts } from './pubsub/fields.ts';
import { asPubSubError, invalidArgument, notFound, PubSubError } from './pubsub/status.ts';
import type { TokenIssuer } from './pubsub/token-issuer.ts';

/** Source: https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#RetryConfig */
export interface TaskQueueSettings {
  /** Full, e.g. `projects/orderly/locations/local/queues/wake-ups`. */
  readonly name: string;
  /** 100 unless set. */
  readonly maxAttempts?: number;
}

export interface CloudTasksOptions {
  readonly port: number;
  readonly clock: Clock;
  readonly issuer: TokenIssuer;
  readonly queues: readonly TaskQueueSettings[];
  /** A task has failed for the last time: Cloud Tasks deletes it, there are no dead letters. */
  readonly onDropped: (task: string) => void;
}

export interface CloudTasks {
  /** What functions call instead of https://cloudtasks.googleapis.com. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Task {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly oidc: { readonly serviceAccountEmail: string; readonly audience: string } | undefined;
  readonly maxAttempts: number;
  readonly eta: number;
  attempts: number;
}

/** Source: https://cloud.google.com/tasks/docs/quotas */
const TASK_BYTES = 1_000_000;
const SCHEDULE_MS = 30 * 86_400_000;
/** The default retry settings of a queue, and the default deadline of an HTTP task. */
const BACKOFF_MS = { minimum: 100, maximum: 3_600_000 } as const;
const MAX_ATTEMPTS = 100;
const DEADLINE_MS = 600_000;

const CREATE = /^\/v2\/(projects\/[^/]+\/locations\/[^/]+\/queues\/[^/]+)\/tasks$/;

class TaskDispatcher {
  readonly #options: CloudTasksOptions;
  readonly #timers = new Set<() => void>();
  readonly #stopped = new AbortController();
  #tasks = 0;

  constructor(options: CloudTasksOptions) {
    this.#options = options;
  }

  /** Source: https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks/create */
  create(queueName: string, input: Fields): Fields {
    const queue = this.#options.queues.find(({ name }) => name === queueName);
    if (!queue) throw notFound(queueName);
    refuseUnknown('CreateTaskRequest', input, ['task']);
    const fields = part(input, 'task') ?? {};
    refuseUnknown('Task', fields, ['httpRequest', 'scheduleTime']);
    this.#tasks += 1;
    const task = this.#read(fields, `${queueName}/tasks/${this.#tasks}`, queue.maxAttempts ?? MAX_ATTEMPTS);
    this.#at(task.eta, () => this.#dispatch(task));
    return { name: task.name, scheduleTime: new Date(task.eta).toISOString(), dispatchCount: 0 };
  }

  stop(): void {
    this.#stopped.abort();
    for (const cancel of this.#timers) cancel();
  }

  #read(fields: Fields, name: string, maxAttempts: number): Task {
    const { clock } = this.#options;
    const request = part(fields, 'httpRequest') ?? {};
    refuseUnknown('HttpRequest', request, ['url', 'httpMethod', 'headers', 'body', 'oidcToken']);
    const url = text(request, 'url');
    if (!URL.canParse(url)) throw invalidArgument(`HttpRequest.url is required, not "${url}".`);
    if (!['', 'POST'].includes(text(request, 'httpMethod')))
      throw new PubSubError('UNIMPLEMENTED', 'The stand-in for Cloud Tasks sends POST only.');
    const body = bytes(request, 'body');
    if (body.length > TASK_BYTES) throw invalidArgument(`A task has up to ${TASK_BYTES} bytes.`);
    const schedule = text(fields, 'scheduleTime');
    const eta = schedule === '' ? clock.now() : Math.max(clock.now(), Date.parse(schedule));
    if (!(eta - clock.now() <= SCHEDULE_MS))
      throw invalidArgument('The schedule time is not within 30 days.');
    const token = part(request, 'oidcToken');
    const oidc = token && {
      serviceAccountEmail: text(token, 'serviceAccountEmail'),
      audience: text(token, 'audience') || url,
    };
    return { name, url, headers: texts(request, 'headers'), body, oidc, maxAttempts, eta, attempts: 0 };
  }

  #at(time: number, work: () => void): void {
    const { clock } = this.#options;
    const cancel = clock.after(Math.max(0, time - clock.now()), () => {
      this.#timers.delete(cancel);
      work();
    });
    this.#timers.add(cancel);
  }

  async #dispatch(task: Task): Promise<void> {
    const { clock, onDropped } = this.#options;
    const isDone = await this.#send(task);
    if (isDone || this.#stopped.signal.aborted) return;
    task.attempts += 1;
    if (task.attempts >= task.maxAttempts) {
      onDropped(task.name);
      return;
    }
    const backoff = Math.min(BACKOFF_MS.maximum, BACKOFF_MS.minimum * 2 ** (task.attempts - 1));
    this.#at(clock.now() + backoff, () => void this.#dispatch(task));
  }

  /** Source: https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler */
  async #send({ name, url, headers, body, oidc, attempts, eta }: Task): Promise<boolean> {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          ...headers,
          'user-agent': 'Google-Cloud-Tasks',
          'x-cloudtasks-queuename': name.split('/').at(-3) ?? '',
          'x-cloudtasks-taskname': name.split('/').at(-1) ?? '',
          'x-cloudtasks-taskretrycount': String(attempts),
          'x-cloudtasks-taskexecutioncount': String(attempts),
          'x-cloudtasks-tasketa': String(eta / 1_000),
          ...(oidc && { authorization: `Bearer ${this.#options.issuer.token(oidc)}` }),
        },
        body: new Uint8Array(body),
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}

const answer = async (request: IncomingMessage, response: ServerResponse, tasks: TaskDispatcher) => {
  const send = (status: number, body: unknown): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    const [, queue] = CREATE.exec(request.url ?? '') ?? [];
    if (request.method !== 'POST' || queue === undefined)
      throw new PubSubError(
        'UNIMPLEMENTED',
        `The stand-in for Cloud Tasks does not implement ${request.method} ${request.url}.`,
      );
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      throw invalidArgument('The body is not application/json.');
    const body: unknown = await json(request).catch(() => {
      throw invalidArgument('The body is not JSON.');
    });
    send(200, tasks.create(queue, Object(body) as Fields));
  } catch (error) {
    const { httpStatus: code, message, status } = asPubSubError(error);
    send(code, { error: { code, message, status } });
  }
};

/**
 * Starts a stand-in for Google Cloud Tasks on 127.0.0.1: tasks with HTTP targets, at once or at a time, repeated until they
 * are answered with 2xx. Its state is in memory.
 * Source: https://cloud.google.com/tasks/docs/reference/rest/v2
 */
export const startCloudTasks = async (options: CloudTasksOptions): Promise<CloudTasks> => {
  const tasks = new TaskDispatcher(options);
  const server = createServer((request, response) => void answer(request, response, tasks));
  const { url, stop } = await listen(server, options.port);
  return {
    url,
    stop: () => {
      tasks.stop();
      return stop();
    },
  };
};
