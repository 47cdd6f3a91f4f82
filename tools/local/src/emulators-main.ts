import { parseArgs } from 'node:util';
import { startDynamodbLocal } from '../../aws/dynamodb-local.ts';
import { startEmbeddedAws } from './embedded-aws.ts';
import { readSettings } from './settings.ts';

/**
 * DynamoDB and SQS in a process of their own: `--dynamodb <port>` and `--sqs <port>` start one each. It prints one JSON
 * line, `{ dynamodb?, sqs? }` (endpoints) or `{ error }`, and stops everything when its stdin closes, so that nothing
 * outlives the process that started it.
 */
const { values } = parseArgs({ options: { dynamodb: { type: 'string' }, sqs: { type: 'string' } } });
const stops: (() => Promise<void>)[] = [];

let stopping: Promise<never> | undefined;

/** Only the first call counts: that DynamoDB ends while it is being stopped is no failure. */
const stop = (code: number): Promise<never> => {
  stopping ??= Promise.all(stops.map((each) => each())).then(() => process.exit(code));
  return stopping;
};

const portOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

const start = async () => {
  const { engine, region } = readSettings(process.env);
  const dynamodb = portOf(values.dynamodb);
  const sqs = portOf(values.sqs);
  const isEmbedded = engine === 'embedded';
  const embedded = await startEmbeddedAws({ dynamodb: isEmbedded ? dynamodb : undefined, sqs }, region);
  stops.push(embedded.stop);
  if (isEmbedded || dynamodb === undefined) return { dynamodb: embedded.dynamodb, sqs: embedded.sqs };
  const local = await startDynamodbLocal(dynamodb);
  stops.push(local.stop);
  local.ended.catch(() => stop(1));
  return { dynamodb: local.endpoint, sqs: embedded.sqs };
};

process.stdin.resume().once('close', () => void stop(0));
process.once('SIGTERM', () => void stop(0));
// Ctrl-C reaches the whole process group; the process that started this one decides when it stops.
process.on('SIGINT', () => undefined);
process.stdout.on('error', () => undefined);

start().then(
  (endpoints) => process.stdout.write(`${JSON.stringify(endpoints)}\n`),
  (error: Error) => process.stdout.write(`${JSON.stringify({ error: error.message })}\n`, () => void stop(1)),
);
