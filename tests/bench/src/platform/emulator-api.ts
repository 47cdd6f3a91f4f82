import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Prefixes of the X-Amz-Target header, by the API. */
const targets = {
  DynamoDB: 'DynamoDB_20120810',
  Streams: 'DynamoDBStreams_20120810',
  SQS: 'AmazonSQS',
} as const;

/** Emulators look for a signature but do not check it. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** What the emulator answered when it did not do what it was asked for. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
  readonly isConflict: boolean;

  constructor(operation: string, status: number, body: string) {
    super(`${operation} was answered with ${status} ${body.slice(0, 500)}`);
    this.isConflict = /TransactionConflict|TransactionInProgress/.test(body);
  }
}

/** Calls an emulator with nothing in between: no SDK, no signing, no retries. */
export class EmulatorApi {
  readonly #endpoint: string;
  readonly #target: string;
  readonly #agent = new Agent({ keepAlive: true, noDelay: true });

  constructor(endpoint: string, api: keyof typeof targets) {
    this.#endpoint = endpoint;
    this.#target = targets[api];
  }

  /**
   * @param body JSON
   * @throws EmulatorError for any answer but 200
   */
  async call(operation: string, body: string, signal?: AbortSignal): Promise<string> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'x-amz-target': `${this.#target}.${operation}`,
      authorization,
    };
    const options = { method: 'POST', headers, agent: this.#agent, ...(signal && { signal }) };
    const [status, answer] = await new Promise<[number, string]>((resolve, reject) => {
      const call = request(this.#endpoint, options, (response) => {
        text(response).then((read) => resolve([response.statusCode ?? 0, read]), reject);
      });
      call.once('error', reject);
      call.end(body);
    });
    if (status !== 200) throw new EmulatorError(operation, status, answer);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }
}
