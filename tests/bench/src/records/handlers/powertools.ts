import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { parser } from '@aws-lambda-powertools/batch/parser';
import { Logger } from '@aws-lambda-powertools/logger';
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import { SqsRecordSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import type { SQSEvent } from 'aws-lambda';
import { currencyCodes } from '../../../../../shared/contracts/src/currency.ts';
import { doNothing, type Handler } from './handler.ts';
import { orderPlaced } from './placed-zod.ts';

// `innerSchema` would build this anew for each record.
const schema = SqsRecordSchema.extend({ body: JSONStringified(orderPlaced(currencyCodes)) });
const logger = new Logger();
const processor = new BatchProcessor(EventType.SQS, { parser, schema, logger });

async function handleRecord({ body }: { readonly body: { readonly id: string } }): Promise<void> {
  await doNothing(body);
}

export const handler: Handler<SQSEvent> = (event, context) =>
  processPartialResponse(event, handleRecord, processor, {
    context,
    throwOnFullBatchFailure: false,
    processInParallel: true,
  });
