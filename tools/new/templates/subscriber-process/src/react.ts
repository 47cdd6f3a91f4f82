import {
  type CloudEvent,
  __Event__,
  dispatcher,
  on,
  SequenceGuard,
} from '@orderly/contracts';

/** The events that the subscription asks for. */
export const events = [
  __Event__.name,
];

/**
 * Passes each message to your work, which goes here. A standard queue delivers in any order and more than once: what is
 * not newer than the last event of its subject changes nothing. The guard remembers while this process runs; keep the
 * sequence with your own data, and it holds for good.
 *
 * @param report gets a line for each event that is handled
 * @returns a function that rejects for a message that is no event
 */
export function createDispatch(report: (line: string) => void) {
  const guard = new SequenceGuard();
  async function react(event: CloudEvent): Promise<void> {
    if (!guard.isNew(event)) return;
    report(`${event.type} of ${event.subject}, version ${event.sequence}`);
    guard.handled(event);
  }
  return dispatcher(
    on(__Event__, react),
  );
}
