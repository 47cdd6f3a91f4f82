import type { CloudEvent } from './event.ts';

type Ordered = Pick<CloudEvent, 'source' | 'subject' | 'sequence'>;

/**
 * Tells events that are new from those that are older than what was handled, by `sequence`: for readers of a
 * standard queue, which delivers in no order and more than once.
 *
 * It remembers in memory, so it forgets with its process. A reader that keeps a table is safer with the same
 * comparison in the condition of its write (`attribute_not_exists(pk) OR #sequence < :sequence`).
 */
export class SequenceGuard {
  readonly #handled = new Map<string, number>();
  readonly #capacity: number;

  /** @param options.capacity how many aggregates are remembered, the most recent ones; default 100,000 (about 20 MB) */
  constructor({ capacity = 100_000 }: { readonly capacity?: number } = {}) {
    this.#capacity = capacity;
  }

  /** Whether nothing as new as this was handled of the same aggregate. */
  isNew(event: Ordered): boolean {
    return event.sequence > (this.#handled.get(aggregateOf(event)) ?? 0);
  }

  /** Remembers that the event was handled; to be called when its effect is there. */
  handled(event: Ordered): void {
    if (!this.isNew(event)) return;
    const aggregate = aggregateOf(event);
    this.#handled.delete(aggregate);
    this.#handled.set(aggregate, event.sequence);
    const [oldest] = this.#handled.keys();
    if (this.#handled.size > this.#capacity && oldest !== undefined) this.#handled.delete(oldest);
  }
}

/** An order and its reservation have the same subject, and each counts its own changes. */
function aggregateOf({ source, subject }: Ordered): string {
  return `${source} ${subject}`;
}
