import { randomUUID } from 'node:crypto';
import { inDatabase } from '@orderly/clouds/postgres';
import { fromJson } from '@orderly/functions/postgres/json';
import { services } from '@orderly/local/services';
import { type Evidence, type Items, itemsOf } from '@orderly/support/evidence';
import { type Check, found } from '@orderly/support/verdict';
import type { FaultyCloud } from './faulty-cloud.ts';

type Platform = Pick<FaultyCloud, 'stage' | 'databaseOf'>;
type Item = Readonly<Record<string, unknown>>;

/** Every item of a service, from its database. */
const itemsIn = ({ stage, databaseOf }: Platform, service: string): Promise<readonly Item[]> =>
  inDatabase(databaseOf(service), async (client) => {
    const { rows } = await client.query<{ readonly item: string }>(
      `SELECT item::text FROM "${stage}-${service}"`,
    );
    return rows.map(({ item }) => fromJson<Item>(item));
  });

/** The items of a run, from the databases themselves. @param run begins every id of it */
export async function readDatabases(platform: Platform, run: string): Promise<Items> {
  const read = (service: string) => itemsIn(platform, service);
  const [orders, inventory, notifications] = await Promise.all([
    read('orders'),
    read('inventory'),
    read('notifications'),
  ]);
  const prefix = `${run}-`;
  return itemsOf(
    { orders, inventory, notifications },
    {
      isOrder: ({ customerId }) => customerId.startsWith(prefix),
      isProduct: (sku) => sku.startsWith(prefix),
    },
  );
}

/** What no publisher has handed to the broker stays in its service's outbox. */
export async function outboxCheck({ databaseOf }: Platform): Promise<Check> {
  const left = async (service: string) => {
    const { rows } = await inDatabase(databaseOf(service), (client) =>
      client.query<{ readonly events: number }>('SELECT count(*)::int AS events FROM outbox'),
    );
    const events = rows[0]?.events ?? 0;
    return events === 0 ? [] : [found('lost', `The outbox of ${service} still has ${events} events`)];
  };
  const findings = (await Promise.all(services.map(left))).flat();
  return { name: 'every outbox is empty', checked: services.length, findings };
}

/** The dead letters of a cloud, for the judge and for those who put good ones back. */
export class CloudDeadLetters {
  readonly #platform: FaultyCloud;
  /** As `consumer messageId`. A dead letter stays where it is; when it fails again, there is another one. */
  readonly #redriven = new Set<string>();

  constructor(platform: FaultyCloud) {
    this.#platform = platform;
  }

  /** How many were redriven. */
  get redriven(): number {
    return this.#redriven.size;
  }

  /** @returns all that were not redriven, named as on AWS */
  async all(): Promise<Evidence['deadLetters']> {
    const { stage } = this.#platform;
    return (await this.#left()).map(({ topic, consumer, body }) => ({
      queue: `${stage}-dlq--${topic}--${consumer}.fifo`,
      body,
      target: undefined,
    }));
  }

  /** Publishes those again that are no poison, as somebody on call would when the faults are over. */
  async redrive(isGood: (body: string) => boolean): Promise<void> {
    for (const letter of await this.#left()) {
      const { topic, body } = letter;
      if (!isGood(body)) continue;
      const { subject = randomUUID(), type = '' } = JSON.parse(body) as { subject?: string; type?: string };
      await this.#platform.publish(topic, { subject, type, body });
      this.#redriven.add(keyOf(letter));
    }
  }

  async #left() {
    return (await this.#platform.deadLetters()).filter((letter) => !this.#redriven.has(keyOf(letter)));
  }
}

const keyOf = ({ consumer, messageId }: { readonly consumer: string; readonly messageId: string }): string =>
  `${consumer} ${messageId}`;
