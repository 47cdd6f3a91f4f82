import type { JsonObject } from '../protocol/service.ts';
import { readBatch, runBatch } from './batch.ts';
import { VISIBILITY_SECONDS } from './limits.ts';
import type { Operations } from './operation.ts';
import type { Queue } from './queue.ts';
import { requiredInteger, requiredString } from './validation.ts';

const remove = (input: JsonObject, queue: Queue): JsonObject => {
  queue.delete(requiredString(input, 'ReceiptHandle'));
  return {};
};

const hide = (input: JsonObject, queue: Queue): JsonObject => {
  const handle = requiredString(input, 'ReceiptHandle');
  const range = { minimum: 0, maximum: VISIBILITY_SECONDS };
  const reason = `Must be between 0 and ${VISIBILITY_SECONDS}, if provided.`;
  queue.changeVisibility(handle, requiredInteger(input, 'VisibilityTimeout', range, reason));
  return {};
};

const single = (parameters: readonly string[], run: (input: JsonObject, queue: Queue) => JsonObject) =>
  ({
    parameters: ['QueueUrl', ...parameters],
    run: (input, { store }) => {
      const queue = store.byUrl(input);
      const result = run(input, queue);
      queue.wake();
      return result;
    },
  }) satisfies Operations[string];

const batch = (
  operation: string,
  parameters: readonly string[],
  run: (input: JsonObject, queue: Queue) => JsonObject,
) =>
  ({
    parameters: ['QueueUrl', 'Entries'],
    run: (input, { store }) => {
      const queue = store.byUrl(input);
      const entries = readBatch(input, operation, parameters);
      const result = runBatch(entries, (entry) => run(entry.input, queue));
      queue.wake();
      return result;
    },
  }) satisfies Operations[string];

/** What a consumer does with messages that it has received. */
export const inFlightOperations: Operations = {
  DeleteMessage: single(['ReceiptHandle'], remove),
  DeleteMessageBatch: batch('DeleteMessageBatch', ['ReceiptHandle'], remove),
  ChangeMessageVisibility: single(['ReceiptHandle', 'VisibilityTimeout'], hide),
  ChangeMessageVisibilityBatch: batch(
    'ChangeMessageVisibilityBatch',
    ['ReceiptHandle', 'VisibilityTimeout'],
    hide,
  ),
};
