import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { clientOptions, platform } from './platform.ts';

/** Watches over what the platform publishes while other tests use it. */
export interface PublishedEvents {
  /**
   * Takes what is left, and ends.
   *
   * @returns how many events there were, by type
   * @throws Error that names the events which break their published schemas, or when there were none at all
   */
  finish(): Promise<Readonly<Record<string, number>>>;
}

const topics = ['order-events', 'inventory-events', 'notification-events'];
const schemaFolder = resolve(__dirname, '../../shared/contracts/schemas');
/** The publishers' stream is at most this far behind. */
const quietSeconds = 2;

/**
 * Subscribes to every topic, as any team would, and holds each event against the published JSON Schema of its type
 * with ajv, which knows nothing of our own checks.
 */
export function watchPublishedEvents(): PublishedEvents {
  const { stage } = platform();
  const sqs = new SQSClient(clientOptions('sqs'));
  const schemas = readSchemas();
  const counts: Record<string, number> = {};
  const broken: string[] = [];
  let finishing = false;

  function look({ Body = '' }: Message): void {
    const event: { readonly type?: string } = JSON.parse(Body);
    const validate = schemas.get(event.type ?? '');
    counts[event.type ?? ''] = (counts[event.type ?? ''] ?? 0) + 1;
    if (validate === undefined) broken.push(`no schema is published for ${Body}`);
    else if (!validate(event)) broken.push(`${JSON.stringify(validate.errors)} in ${Body}`);
  }

  async function watch(topic: string): Promise<void> {
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: `${stage}-${topic}--schema-check` }),
    );
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: quietSeconds }),
      );
      for (const message of Messages) look(message);
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      else if (finishing) break;
    }
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }

  const watching = Promise.all(topics.map(watch));
  // What goes wrong is told by `finish`.
  watching.catch(() => undefined);
  return {
    async finish() {
      finishing = true;
      await watching;
      sqs.destroy();
      if (broken.length > 0) {
        throw new Error(
          `${broken.length} published events break their schema:\n${broken.slice(0, 10).join('\n')}`,
        );
      }
      if (Object.keys(counts).length === 0)
        throw new Error('The platform published nothing during the tests');
      return counts;
    },
  };
}

function readSchemas(): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  ajv.addKeyword('x-personal');
  return new Map(
    readdirSync(schemaFolder).map((file) => [
      file.replace(/\.json$/, ''),
      ajv.compile(JSON.parse(readFileSync(resolve(schemaFolder, file), 'utf8'))),
    ]),
  );
}
