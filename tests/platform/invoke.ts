import { randomUUID } from 'node:crypto';
import type { CloudEvent, NewEvent } from '@orderly/contracts';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';

/** Calls functions as API Gateway and SQS do. */

/** What Lambda tells a function about an invocation. */
export const context = () =>
  ({ awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 15_000 }) as unknown as Context;

export interface Call {
  /** `POST /orders/{orderId}/cancel`, as serverless.yml spells it. */
  readonly route: string;
  readonly method?: string;
  /** Of the request; what the route has by default. */
  readonly rawPath?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose token API Gateway has verified; nobody's where the stage is open. */
  readonly caller?:
    | {
        readonly sub: string;
        readonly scope: string;
        readonly client_id?: string;
        readonly email?: string;
        readonly email_verified?: string;
      }
    | undefined;
  /** Sent as it is when it is a text, as JSON otherwise. */
  readonly body?: unknown;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Body;
}

/** A function that answers routes. */
export type HttpFunction = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** One HTTP request (API Gateway, payload 2.0) and its answer. */
export async function call<Body = Record<string, unknown>>(
  handler: HttpFunction,
  {
    route,
    method = route.split(' ')[0] ?? '',
    rawPath = route.split(' ')[1] ?? '/',
    path,
    query,
    headers,
    caller,
    body,
  }: Call,
): Promise<Answer<Body>> {
  const event = {
    version: '2.0',
    routeKey: route,
    rawPath,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    pathParameters: path,
    queryStringParameters: query,
    requestContext: { http: { method }, ...(caller && { authorizer: { jwt: { claims: caller } } }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
  const answer = await handler(event, context());
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers ?? {},
    body: JSON.parse(answer.body ?? 'null') as Body,
  };
}

/** A domain's event in the envelope it travels in. */
export function seal(
  event: NewEvent,
  { subject, sequence = 1 }: { readonly subject: string; readonly sequence?: number },
): CloudEvent {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: 'orderly/test',
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence,
    correlationid: 'a-flow',
    causationid: 'a-cause',
    ...event,
  };
}

/** A function that consumes a subscription. */
export type Consumer = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * Delivers events as one SQS batch, each in the group of its subject.
 *
 * @returns the positions of those that the function gave back
 */
export async function deliver(handler: Consumer, ...events: readonly CloudEvent[]): Promise<number[]> {
  const Records = events.map(
    (event, index) =>
      ({
        messageId: String(index),
        body: JSON.stringify(event),
        attributes: { MessageGroupId: event.subject, ApproximateReceiveCount: '1' },
        eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:a-queue.fifo',
      }) as unknown as SQSRecord,
  );
  const { batchItemFailures } = await handler({ Records }, context());
  return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier));
}
