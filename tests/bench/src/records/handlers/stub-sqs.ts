// An SQS client that does everything but the network: it builds, signs and serializes each request, and reads and
// checks an answer that is there at once.
import { createHash } from 'node:crypto';
import { type SendMessageBatchRequest, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/000000000000/bench-order-events--bench.fifo';

/** By request, as the same events are sent again and again: what SQS itself does takes no time. */
const answers = new Map<string, Uint8Array>();

function act(action: string, body: string): unknown {
  if (action === 'ListQueues') return { QueueUrls: [queueUrl] };
  if (action !== 'SendMessageBatch') return {};
  const { Entries = [] } = JSON.parse(body) as SendMessageBatchRequest;
  const Successful = Entries.map(({ Id, MessageBody = '' }) => {
    return { Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
  });
  return { Successful };
}

function answerTo(action: string, body: string): Uint8Array {
  const known = answers.get(body);
  if (known !== undefined) return known;
  const answer = Buffer.from(JSON.stringify(act(action, body)));
  answers.set(body, answer);
  return answer;
}

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const requestHandler = {
  async handle({ headers, body }: Request) {
    const action = String(headers['x-amz-target']).split('.')[1] ?? '';
    const answer = { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' } };
    return { response: { ...answer, body: answerTo(action, String(body)) } };
  },
};

export const stubSqs = (config: SQSClientConfig) => new SQSClient({ ...config, requestHandler });
export { queueUrl };
