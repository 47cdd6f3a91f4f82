// What the consumers are measured against: nothing is checked, and nothing is told of a failure.
import type { SQSEvent } from 'aws-lambda';
import { doNothing, type Handler } from './handler.ts';

export const handler: Handler<SQSEvent> = async ({ Records }) => {
  for (const { body } of Records) await doNothing(JSON.parse(body));
  return { batchItemFailures: [] };
};
