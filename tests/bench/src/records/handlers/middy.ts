import middy from '@middy/core';
import partialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { CloudEvent } from '@orderly/contracts';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { doNothing, type Handler } from './handler.ts';

/** A check that a JSON Schema was compiled to at build time. */
interface Validate {
  (value: unknown): value is CloudEvent;
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

/** As the middleware's own documentation has it: the handler settles a promise for each record. */
export const handlerWith = (validate: Validate): Handler<SQSEvent> =>
  middy<SQSEvent>()
    .use(partialBatchFailure())
    .handler(async ({ Records }) =>
      Promise.allSettled(Records.map((record) => handleRecord(record, validate))),
    );

async function handleRecord({ body }: SQSRecord, validate: Validate): Promise<void> {
  const event: unknown = JSON.parse(body);
  if (!validate(event)) {
    throw new Error(
      validate.errors?.map(({ instancePath, message }) => `${instancePath}: ${message}`).join(),
    );
  }
  await doNothing(event);
}
