import { Agent, request } from 'node:http';
import type { AwsCall, ServiceName } from '../call.ts';
import { AwsError } from './error.ts';
import type { JsonObject } from './service.ts';

/** What stands before the dot in `X-Amz-Target`. */
export const TARGETS: Readonly<Record<ServiceName, string>> = {
  dynamodb: 'DynamoDB_20120810',
  streams: 'DynamoDBStreams_20120810',
  sqs: 'AmazonSQS',
};

interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Where emulators answer, e.g. `http://127.0.0.1:8000`. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly sqs: string;
}

export interface AwsClient {
  readonly call: AwsCall;
  /** Closes idle connections. */
  close(): void;
}

/** Emulators want a signature to be there, and none checks it. */
const authorization = (service: ServiceName, region: string): string =>
  `AWS4-HMAC-SHA256 Credential=local/20120101/${region}/${service === 'sqs' ? 'sqs' : 'dynamodb'}/aws4_request, SignedHeaders=host, Signature=0`;

const toError = ({ status, text }: HttpAnswer): AwsError => {
  const { __type: type, message, Message, ...fields } = JSON.parse(text || '{}') as JsonObject;
  const [code = ''] = String(type ?? `Http${status}`)
    .split('#')
    .slice(-1);
  return new AwsError(code, String(message ?? Message ?? ''), { status, fields });
};

/**
 * A client of local emulators for the AWS JSON 1.0 protocol, without signing, retries or models: some ten times less
 * work for each call than an SDK.
 */
export const connect = (endpoints: Endpoints, region: string): AwsClient => {
  const agent = new Agent({ keepAlive: true, noDelay: true });
  const send = (service: ServiceName, operation: string, body: string, signal?: AbortSignal) =>
    new Promise<HttpAnswer>((done, fail) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': `${TARGETS[service]}.${operation}`,
        authorization: authorization(service, region),
      };
      const url = service === 'sqs' ? endpoints.sqs : endpoints.dynamodb;
      const call = request(url, { method: 'POST', agent, headers, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', fail);
        response.once('end', () =>
          done({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      call.once('error', fail);
      call.end(body);
    });
  const call: AwsCall = async (service, operation, input, signal) => {
    const answer = await send(service, operation, JSON.stringify(input), signal);
    if (answer.status >= 300) throw toError(answer);
    return JSON.parse(answer.text || '{}') as JsonObject;
  };
  return { call, close: () => agent.destroy() };
};
