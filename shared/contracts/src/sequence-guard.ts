import type { CloudEvent } from './event.ts';

type Ordered = Pick<CloudEvent, 'source' | 'subject' | 'sequence'>;

/**
 * Recognises, by `sequence`, events that are older than what was already handled: for readers of a standard queue,
 * which delivers in any order and more than once.
 *
 * Its memory ends with its process. A reader that has a table is safer with the same comparison in the condition of
 * its write (`attribute_not_exists(pk) OR #sequence < :sequence`).
 */
export class SequenceGuard {
  readonly #handled = new Map<string, number>();
  readonly #capacity: number;

  /** @param options.capacity how many aggregates are remembered, most recent first; default 100,000 (about 20 MB) */
  constructor({ capacity = 100_000 }: { readonly capacity?: number } = {}) {
    this.#capacity = capacity;
  }

  /** Whether the event is newer than everything handled of the same aggregate. */
  isNew(event: Ordered): boolean {
    return event.sequence > (this.#handled.get(aggregateOf(event)) ?? 0);
  }

  /** Remembers the event as handled. Call it once the event's effect is durable. */
  handled(event: Ordered): void {
    if (!this.isNew(event)) return;
    const aggregate = aggregateOf(event);
    this.#handled.delete(aggregate);
    this.#handled.set(aggregate, event.sequence);
    const [oldest] = this.#handled.keys();
    if (this.#handled.size > this.#capacity && oldest !== undefined) this.#handled.delete(oldest);
  }
}

/** An order and its reservation have the same subject, but each has its own sequence. */
function aggregateOf({ source, subject }: Ordered): string {
  return `${source} ${subject}`;
}
