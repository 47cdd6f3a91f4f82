import { AwsError } from '@orderly/aws/protocol/error';
import type { AwsService, JsonObject } from '@orderly/aws/protocol/service';
import type { Conditions } from './conditions.ts';
import { CALL_FAULTS, type CallFault, FAULT_NAMES } from './faults.ts';
import type { Mail } from './mail.ts';
import { type Reply, type SdkRequest, textOf } from './sdk-request.ts';

export interface SdkHandlerOptions {
  readonly requestTimeout?: number;
}

/** Who calls: a container, or a program of somebody else. */
export interface Caller {
  readonly name: string;
  /** Its name and, of a function, its container: `orders-sim-place-order #12`. */
  readonly label: string;
  readonly dead: boolean;
  /** Plans something in its process. @returns takes the plan back */
  later(ms: number, callback: () => void): () => void;
  kill(why: string): void;
}

/** A response as the SDK's HTTP handler gives it. */
interface SdkResponse {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  };
}

const NEVER = new AbortController().signal;
/** What queue URLs begin with. */
export const SQS_ORIGIN = 'https://sqs.eu-central-1.amazonaws.com';

const connectionReset = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const aborted = (): Error => Object.assign(new Error('Request aborted'), { name: 'AbortError' });
const timedOut = (ms: number): Error =>
  Object.assign(new Error(`no answer in ${ms} ms`), { name: 'TimeoutError', code: 'ETIMEDOUT' });

const THROTTLES: Readonly<Record<string, string>> = {
  AmazonSQS: 'com.amazonaws.sqs#RequestThrottled',
  DynamoDB_20120810: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  DynamoDBStreams_20120810: 'com.amazonaws.dynamodb.v20120810#LimitExceededException',
};

/** Carries the calls of the SDK to the embedded AWS and back, and decides what goes wrong on the way. */
export class Calls {
  readonly #world: Conditions;
  readonly #services: readonly AwsService[];
  readonly #mail: Mail;
  /** Calls in the present second, by table. */
  readonly #load = new Map<string, number>();
  #second = 0;

  constructor(world: Conditions, services: readonly AwsService[], mail: Mail) {
    this.#world = world;
    this.#services = services;
    this.#mail = mail;
  }

  /** In place of the SDK's NodeHttpHandler. */
  send(
    caller: Caller,
    request: SdkRequest,
    { requestTimeout = 0 }: SdkHandlerOptions,
    signal?: AbortSignal,
  ): Promise<SdkResponse> {
    return new Promise((resolve, reject) => {
      if (caller.dead) return;
      if (signal?.aborted) return reject(aborted());
      let cancel = (): void => undefined;
      const settle = (end: () => void): void => {
        cancel();
        signal?.removeEventListener('abort', abort);
        end();
      };
      const abort = (): void => settle(() => reject(aborted()));
      signal?.addEventListener('abort', abort, { once: true });
      if (requestTimeout > 0)
        cancel = caller.later(requestTimeout, () => settle(() => reject(timedOut(requestTimeout))));
      const fail = (error: Error): void =>
        void caller.later(this.#travel(caller), () => settle(() => reject(error)));
      const answer = ({ status, headers, body }: Reply): void => {
        const bytes = Buffer.from(JSON.stringify(body));
        const response = {
          statusCode: status,
          headers: { 'content-type': JSON_1_0, ...headers },
          body: bytes,
        };
        caller.later(this.#travel(caller), () => settle(() => resolve({ response })));
      };
      this.#carry(caller, request, { answer, fail });
    });
  }

  #carry(
    caller: Caller,
    request: SdkRequest,
    { answer, fail }: { readonly answer: (reply: Reply) => void; readonly fail: (error: Error) => void },
  ): void {
    const { scheduler } = this.#world;
    const name = operationOf(request);
    const fault = this.#faultOf(caller, name);
    if (fault === 'killed before') caller.kill('killed before a call');
    else if (fault === 'refused') fail(connectionReset());
    else
      scheduler.after(this.#travel(caller), async () => {
        this.#world.history.note('call', () => `${caller.label} ${name}`);
        const reply = await this.#serve(caller, request, fault);
        if (fault === 'killed after') return caller.kill('killed after a call');
        if (fault === 'answer lost') return fail(connectionReset());
        if (fault !== 'no answer') answer(reply);
      });
  }

  async #serve(caller: Caller, request: SdkRequest, fault: CallFault | undefined): Promise<Reply> {
    const [target = '', operation = ''] = (request.headers['x-amz-target'] ?? '').split('.');
    if (target === '') return this.#mail.serve(request);
    if (fault === 'throttled' || this.#isTooMuch(target, request)) {
      return { status: 400, body: { __type: THROTTLES[target], message: 'Simulated' } };
    }
    if (fault === 'fails')
      return { status: 500, body: { __type: 'InternalServerError', message: 'Simulated' } };
    const input = JSON.parse(textOf(request)) as JsonObject;
    if (/^SendMessage/.test(operation) && this.#world.forbidden.has(String(input.QueueUrl))) {
      this.#world.fault('access to a queue denied', caller.label);
      return { status: 403, body: { __type: 'com.amazonaws.sqs#AccessDenied', message: 'Simulated' } };
    }
    if (/^SendMessage/.test(operation) && this.#world.failing.has(String(input.QueueUrl))) {
      this.#world.fault('queue takes nothing', caller.name);
      return { status: 503, body: { __type: 'com.amazonaws.sqs#ServiceUnavailable', message: 'Simulated' } };
    }
    return this.#call(target, operation, this.#partly(caller, operation, input));
  }

  async #call(target: string, operation: string, { input, amend }: Partly): Promise<Reply> {
    const service = this.#services.find(({ targets }) => targets.includes(target));
    // CloudWatch, for instance: whoever calls has no permission for it.
    if (service === undefined)
      return { status: 400, body: { __type: 'AccessDeniedException', message: target } };
    try {
      const body = await service.call(target, operation, input, { signal: NEVER, origin: SQS_ORIGIN });
      return { status: 200, body: amend(body) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: error.status, ...service.describeError(error) };
    }
  }

  /** A batch of which a part is not done. */
  #partly(caller: Caller, operation: string, input: JsonObject): Partly {
    const { dice, faults } = this.#world;
    const whole = { input, amend: (body: JsonObject) => body };
    if (operation === 'SendMessageBatch' && faults.entryRefused > 0) {
      const entries = input.Entries as readonly JsonObject[];
      const refused = entries.filter(() => dice.chance(faults.entryRefused));
      if (refused.length === 0 || refused.length === entries.length) return whole;
      this.#world.fault('entry refused', `${refused.length} of ${entries.length} for ${caller.label}`);
      const Failed = refused.map(({ Id }) => ({
        Id,
        Code: 'InternalError',
        Message: 'Busy',
        SenderFault: false,
      }));
      return {
        input: { ...input, Entries: entries.filter((entry) => !refused.includes(entry)) },
        amend: (body) => ({ ...body, Failed: [...((body.Failed as JsonObject[]) ?? []), ...Failed] }),
      };
    }
    if (operation === 'BatchGetItem' && dice.chance(faults.keysUnprocessed)) {
      const [[table, request] = ['', {}]] = Object.entries(input.RequestItems as Record<string, JsonObject>);
      const keys = request.Keys as readonly JsonObject[];
      if (keys.length < 2) return whole;
      this.#world.fault('keys unprocessed', caller.label);
      const middle = dice.int(1, keys.length - 1);
      const some = (Keys: readonly JsonObject[]) => ({ [table]: { ...request, Keys } });
      return {
        input: { ...input, RequestItems: some(keys.slice(0, middle)) },
        amend: (body) => ({ ...body, UnprocessedKeys: some(keys.slice(middle)) }),
      };
    }
    return whole;
  }

  /** More calls of a table in this second than it has capacity for. */
  #isTooMuch(target: string, request: SdkRequest): boolean {
    const { scheduler, faults } = this.#world;
    if (target !== 'DynamoDB_20120810' || faults.capacity === Number.POSITIVE_INFINITY) return false;
    const second = Math.floor(scheduler.micros / 1e6);
    if (second !== this.#second) this.#load.clear();
    this.#second = second;
    const [, table = ''] = /"(?:TableName|RequestItems)":\{?"([^"]+)"/.exec(textOf(request)) ?? [];
    const load = (this.#load.get(table) ?? 0) + 1;
    this.#load.set(table, load);
    if (load <= faults.capacity) return false;
    this.#world.fault('throttled by load', table);
    return true;
  }

  #faultOf(caller: Caller, operation: string): CallFault | undefined {
    const { dice, faults } = this.#world;
    if (operation === 'SendMessageBatch' && caller.name === this.#world.killOnSend) return 'killed after';
    let rest = dice.next();
    for (const fault of CALL_FAULTS) {
      rest -= faults.calls[fault];
      if (rest >= 0) continue;
      this.#world.fault(fault, `${operation} of ${caller.label}`);
      return fault;
    }
    return undefined;
  }

  #travel(caller: Caller): number {
    const { dice, faults } = this.#world;
    const ms = dice.exponential(faults.latencyMs);
    if (!dice.chance(faults.slow)) return ms;
    const more = dice.int(500, 3_000);
    this.#world.fault(FAULT_NAMES.slow, `${more} ms for ${caller.label}`);
    return ms + more;
  }
}

interface Partly {
  readonly input: JsonObject;
  readonly amend: (body: JsonObject) => JsonObject;
}

const JSON_1_0 = 'application/x-amz-json-1.0';

const operationOf = ({ headers, method, path }: SdkRequest): string =>
  headers['x-amz-target']?.split('.')[1] ?? `${method} ${path}`;
