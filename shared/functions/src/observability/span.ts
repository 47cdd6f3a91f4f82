import type { Context } from 'aws-lambda';
import { maskPersonal } from './mask.ts';
import {
  type KnownContext,
  nextSpan,
  type RequestContext,
  requestContext,
  requestContextKeys,
} from './request-context.ts';

/** By the names of OpenTelemetry: https://opentelemetry.io/docs/specs/semconv/ */
export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
type SpanKind = 'server' | 'consumer' | 'producer' | 'client';

/** Ends a span and writes its line. With an error its outcome is `error`. */
export type EndSpan = (error?: unknown, more?: SpanAttributes) => void;

const {
  ORDERLY_TRACE_SPANS,
  POWERTOOLS_SERVICE_NAME: service,
  AWS_LAMBDA_LOG_LEVEL: level = 'INFO',
} = process.env;
const isOn = ORDERLY_TRACE_SPANS === 'true';

let invocation: SpanAttributes = {};
// Where spans are off, nothing mentions `performance`: that alone makes Node.js load seven modules for it.
let origin = isOn ? performance.timeOrigin : 0;
const now = () => origin + performance.now();

/** Names the function and the invocation of the spans that begin from now on. */
export function nameInvocation({ functionName, awsRequestId }: Context): void {
  if (!isOn) return;
  const isFirst = invocation['faas.name'] === undefined;
  invocation = {
    'faas.name': functionName,
    'faas.invocation_id': awsRequestId,
    'faas.coldstart': isFirst,
  };
  // The clock of `performance` stands still while Lambda freezes a container or a laptop sleeps.
  if (Math.abs(Date.now() - now()) > 2) origin = Date.now() - performance.now();
}

/** Microseconds are enough. */
const rounded = (milliseconds: number) => Number(milliseconds.toFixed(3));

/**
 * Begins the span of `context`; its parent is `context.parent`. The caller ends it in any case.
 *
 * `undefined` where spans are off, so that `beginSpan?.(...)` costs nothing there.
 */
export const beginSpan = isOn ? begin : undefined;

function begin(
  kind: SpanKind,
  name: string,
  attributes: SpanAttributes,
  context: KnownContext = requestContext() ?? {},
): EndSpan {
  const startTime = now();
  const { trace_id: traceId, span_id: spanId, ...keys } = requestContextKeys(context);
  const known = { ...attributes, ...invocation, ...keys };
  return (error, more) => {
    const line = {
      // As a line of metrics, so that Lambda writes it at every log level.
      level,
      type: 'span',
      service,
      name,
      kind,
      traceId,
      spanId,
      parentSpanId: context.parent?.split('-')[2],
      startTime: rounded(startTime),
      duration: rounded(now() - startTime),
      outcome: error === undefined ? 'ok' : 'error',
      error: error && String(error),
      attributes: { ...known, ...more },
    };
    process.stdout.write(`${JSON.stringify(line, maskPersonal)}\n`);
  };
}

/** Runs an outgoing call in a span, where spans are on and it belongs to a request or an event. */
export async function inClientSpan<T>(
  name: string,
  attributes: SpanAttributes,
  call: () => Promise<T>,
): Promise<T> {
  const context = requestContext();
  const end = context && beginSpan?.('client', name, attributes, childOf(context));
  try {
    const result = await call();
    end?.();
    return result;
  } catch (error) {
    if (isRefusedWrite(error)) end?.(undefined, { 'orderly.refused': error.name });
    else end?.(error);
    throw error;
  }
}

const childOf = (context: RequestContext): RequestContext => ({
  ...context,
  traceparent: nextSpan(context.traceparent),
  parent: context.traceparent,
});

/** A condition that does not hold is an answer, as in HTTP a 404, and conflicts are retried. */
const isRefusedWrite = (error: unknown): error is Error =>
  error instanceof Error && /^(ConditionalCheckFailed|TransactionCanceled)Exception$/.test(error.name);

interface CallContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

/** What names tables in the input of a command. */
interface Target {
  readonly TableName?: string;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly Readonly<Record<string, Target>>[];
}

type Call<Arguments, Result> = (args: Arguments) => Promise<Result>;

const callSpans =
  <Arguments extends { readonly input: object }, Result>(
    next: Call<Arguments, Result>,
    { clientName = '', commandName = '' }: CallContext,
  ): Call<Arguments, Result> =>
  (args) => {
    const service = clientName.replace(/(v\d+)?Client$/, '');
    const method = commandName.replace(/Command$/, '');
    const tables = tablesOf(args.input);
    const attributes = {
      'rpc.system': 'aws-api',
      'rpc.service': service,
      'rpc.method': method,
      ...(tables.length > 0 && { 'db.system.name': 'aws.dynamodb', 'aws.dynamodb.table_names': tables }),
    };
    return inClientSpan(`${service}.${method}`, attributes, () => next(args));
  };

function tablesOf({ TableName, RequestItems = {}, TransactItems = [] }: Target): readonly string[] {
  const writes = TransactItems.flatMap((write) => Object.values(write));
  const tables = [TableName, ...Object.keys(RequestItems), ...writes.map((write) => write.TableName)];
  return [...new Set(tables)].filter((table) => table !== undefined);
}

interface AwsClient {
  readonly middlewareStack: {
    add(middleware: typeof callSpans, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

/** @returns the client; where spans are on, each of its calls is one, with all attempts */
export function traced<Client extends AwsClient>(client: Client): Client {
  if (isOn) client.middlewareStack.add(callSpans, { step: 'initialize', name: 'spans' });
  return client;
}
