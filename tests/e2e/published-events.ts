import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { topics } from '@orderly/support/queues';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Broker, TopicSubscription } from './brokers/broker.ts';

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

/**
 * Subscribes to every topic, as any team would, and holds each event against the published JSON Schema of its type
 * with ajv, which knows nothing of our own checks.
 */
export async function watchPublishedEvents(broker: Broker): Promise<PublishedEvents> {
  const schemas = readSchemas();
  const counts: Record<string, number> = {};
  const broken: string[] = [];
  let isEnding = false;

  function look(body: string): void {
    const type = typeOf(body);
    const validate = schemas.get(type);
    counts[type] = (counts[type] ?? 0) + 1;
    if (validate === undefined) broken.push(`no schema is published for ${body}`);
    else if (!validate(JSON.parse(body))) broken.push(`${JSON.stringify(validate.errors)} in ${body}`);
  }

  async function watch(subscription: TopicSubscription): Promise<void> {
    for (;;) {
      const bodies = await subscription.receive();
      for (const body of bodies) look(body);
      if (isEnding && bodies.length === 0) return subscription.close();
    }
  }

  const subscriptions = await Promise.all(
    topics.map((topic) => broker.subscribe({ topic, subscriber: 'schema-check', isOrdered: false })),
  );
  const watching = Promise.all(subscriptions.map(watch));
  // It is awaited at the end.
  watching.catch(() => undefined);
  return {
    async finish() {
      await pause(QUIET_MS);
      isEnding = true;
      await watching;
      await broker.close();
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

/** @returns '' for what is no event */
function typeOf(body: string): string {
  try {
    return String(JSON.parse(body).type);
  } catch {
    return '';
  }
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
