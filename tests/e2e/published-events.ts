import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Queues } from '@orderly/support/queues';
import { settle } from '@orderly/support/quiet';
import { type ReceivedEvent, Subscription } from '@orderly/support/subscriber';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

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

const schemaFolder = resolve(__dirname, '../../shared/contracts/schemas');
/** The publishers' stream is at most this far behind. */
const QUIET_MS = 2_000;
const STALL_MS = 120_000;

/**
 * Subscribes to every topic, as any team would, and holds each event against the published JSON Schema of its type
 * with ajv, which knows nothing of our own checks.
 */
export async function watchPublishedEvents(queues: Queues): Promise<PublishedEvents> {
  const schemas = readSchemas();
  const counts: Record<string, number> = {};
  const broken: string[] = [];

  function look({ type, body }: ReceivedEvent): void {
    const validate = schemas.get(type);
    counts[type] = (counts[type] ?? 0) + 1;
    if (validate === undefined) broken.push(`no schema is published for ${body}`);
    else if (!validate(JSON.parse(body))) broken.push(`${JSON.stringify(validate.errors)} in ${body}`);
  }

  const subscription = await Subscription.open(queues, { subscriber: SUBSCRIBER, onEvent: look });
  return {
    async finish() {
      await pause(QUIET_MS);
      await settle(async () => sum(await queues.messages('')), { stallMs: STALL_MS });
      await subscription.remove();
      broken.push(...subscription.garbage.map((body) => `no event: ${body}`));
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

const SUBSCRIBER = 'schema-check';

/** Of the subscriptions that are watched. */
const sum = (messages: ReadonlyMap<string, number>): number =>
  [...messages].reduce((all, [name, count]) => all + (name.endsWith(`--${SUBSCRIBER}`) ? count : 0), 0);

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
