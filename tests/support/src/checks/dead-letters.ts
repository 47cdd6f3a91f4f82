import type { Evidence, Poison } from '../evidence.ts';
import { withoutDuplicates } from '../subscriber.ts';
import { nameOf } from './expected-events.ts';
import { type Finding, found } from './finding.ts';

/** What was refused must be dead-lettered whole; nothing else may be. */
export function deadLetterFindings(evidence: Evidence): Finding[] {
  const { deadLettersLeft, waiting } = evidence;
  const left = [...deadLettersLeft].filter(([, messages]) => messages > 0);
  return [
    ...poisonFindings(evidence),
    ...refusedFindings(evidence),
    ...left.map(([queue, n]) =>
      found('lost', `${queue} holds ${n} message${n === 1 ? '' : 's'} of this run`),
    ),
    ...(waiting > 0 ? [found('lost', `${waiting} messages are still in the subscriptions`)] : []),
  ];
}

/**
 * What is behind poison must be tried.
 * @param least so many of them are not dead-lettered by bad luck; all of them by default
 */
export function untriedFindings(
  { deadLetters, poison }: Pick<Evidence, 'deadLetters' | 'poison'>,
  least?: number,
): Finding[] {
  const behind = poison.filter(({ ends }) => ends === 'mostly ignored');
  const untried = behind.filter(lookUp(deadLetters)).length;
  if (behind.length === 0 || untried < (least ?? behind.length)) return [];
  return [
    found('untried', `${untried} of ${behind.length} messages behind poison are in dead-letter queues`),
  ];
}

const lookUp =
  (letters: Evidence['deadLetters']) =>
  ({ subscription, body }: Poison): boolean =>
    letters.some((letter) => letter.queue.endsWith(`-dlq--${subscription}.fifo`) && letter.body === body);

function poisonFindings({ deadLetters, poison }: Evidence): Finding[] {
  const letters = deadLetters.filter(({ target }) => target === undefined);
  const isDeadLettered = lookUp(letters);
  const known = new Set(poison.map(({ body }) => body));
  return [
    ...poison
      .filter((each) => each.ends === 'dead-lettered' && !isDeadLettered(each))
      .map(({ kind, subscription }) =>
        found('lost', `Poison (${kind}) for ${subscription} is in no dead-letter queue`),
      ),
    ...poison
      .filter((each) => each.ends === 'ignored' && isDeadLettered(each))
      .map(({ kind, subscription }) =>
        found('inconsistent', `Poison (${kind}) for ${subscription} should have been ignored`),
      ),
    ...untriedFindings({ deadLetters, poison }),
    ...letters
      .filter(({ body }) => !known.has(body))
      .map(({ queue, body }) => found('lost', `In ${queue} and no poison: ${body.slice(0, 200)}`)),
  ];
}

function refusedFindings(evidence: Evidence): Finding[] {
  const { deadLetters, refusing, publishedWhileRefusing: published, events } = evidence;
  if (refusing === undefined) return [];
  const refused = new Set(deadLetters.filter(({ target }) => target === refusing).map(({ body }) => body));
  return withoutDuplicates(events)
    .filter(({ id, type }) => type.startsWith('orderly.order.') && (published?.has(id) ?? true))
    .filter(({ body }) => !refused.has(body))
    .map(({ id, type }) =>
      found('lost', `The refusing subscription: ${nameOf(type)} ${id} was not parked whole`),
    );
}
