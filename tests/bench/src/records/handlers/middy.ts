import validate from 'compiled:order-placed';
import middy from '@middy/core';
import partialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { CloudEvent } from '@orderly/contracts';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { doNothing, type Handler } from './handler.ts';

/** As the middleware's own documentation has it: the handler settles a promise for each record. */
export const handler: Handler<SQSEvent> = middy<SQSEvent>()
  .use(partialBatchFailure())
  .handler(async ({ Records }) => Promise.allSettled(Records.map(handleRecord)));

async function handleRecord({ body }: SQSRecord): Promise<void> {
  const event: CloudEvent = JSON.parse(body);
  if (!validate(event)) {
    throw new Error(
      validate.errors?.map(({ instancePath, message }) => `${instancePath}: ${message}`).join(),
    );
  }
  await doNothing(event);
}
