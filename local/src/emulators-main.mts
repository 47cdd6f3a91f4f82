import { parseArgs } from 'node:util';
import { startDynamodb } from './dynamodb-emulator.mts';
import { startSqs } from './sqs-emulator.mts';

/**
 * The process that owns the emulators: `--dynamodb <port>` and `--sqs <port>` start one each.
 * It prints one JSON line, `{ dynamodb?, sqs? }` (endpoints) or `{ error }`, and stops everything
 * when its stdin closes, so that no Java process outlives whoever started it.
 */
const { values } = parseArgs({ options: { dynamodb: { type: 'string' }, sqs: { type: 'string' } } });
const stops: (() => Promise<void>)[] = [];

let stopping: Promise<never> | undefined;

/** Only the first call counts: that DynamoDB ends while it is being stopped is no failure. */
const stop = (code: number): Promise<never> => {
  stopping ??= Promise.all(stops.map((each) => each())).then(() => process.exit(code));
  return stopping;
};

const start = async () => {
  const sqs = values.sqs === undefined ? undefined : await startSqs(Number(values.sqs));
  if (sqs) stops.push(sqs.stop);
  const dynamodb = values.dynamodb === undefined ? undefined : await startDynamodb(Number(values.dynamodb));
  if (dynamodb) stops.push(dynamodb.stop);
  dynamodb?.ended.catch(() => stop(1));
  return { dynamodb: dynamodb?.endpoint, sqs: sqs?.endpoint };
};

process.stdin.resume().once('close', () => void stop(0));
process.once('SIGTERM', () => void stop(0));
// Ctrl-C reaches the whole process group; the one who started us decides when we stop.
process.on('SIGINT', () => undefined);
process.stdout.on('error', () => undefined);

start().then(
  (endpoints) => process.stdout.write(`${JSON.stringify(endpoints)}\n`),
  (error: Error) => process.stdout.write(`${JSON.stringify({ error: error.message })}\n`, () => void stop(1)),
);
