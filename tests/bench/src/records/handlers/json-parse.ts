// What the consumers are measured against: nothing is checked, and no failure is reported.
import type { SQSEvent } from 'aws-lambda';
import { doNothing, type Handler } from './handler.ts';

export const handler: Handler<SQSEvent> = async ({ Records }) => {
  for (const { body } of Records) await doNothing(JSON.parse(body));
  return { batchItemFailures: [] };
};
