import type { Evidence } from '../evidence.ts';
import { withoutDuplicates } from './events.ts';
import { type Finding, found } from './finding.ts';
import { nameOf } from './history.ts';

/** What was refused must be parked whole; nothing else may be. */
export function deadLetterFindings({ deadLetters, poison, refusing, events, waiting }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const parked = deadLetters.filter(({ target }) => target === undefined);
  for (const { kind, subscription, body, ends } of poison) {
    const name = `-dlq--${subscription}.fifo`;
    const there = parked.filter((letter) => letter.queue.endsWith(name) && letter.body === body).length;
    if (ends === 'parked' && there === 0)
      findings.push(found('lost', `Poison (${kind}) for ${subscription} is in no dead-letter queue`));
    if (ends === 'ignored' && there > 0)
      findings.push(found('inconsistent', `Poison (${kind}) for ${subscription} should have been ignored`));
  }
  const known = new Set(poison.map(({ body }) => body));
  for (const { queue, body } of parked)
    if (!known.has(body)) findings.push(found('lost', `In ${queue} and no poison: ${body.slice(0, 200)}`));

  const refused = new Set(deadLetters.filter(({ target }) => target === refusing).map(({ body }) => body));
  for (const { body, id, type } of withoutDuplicates(events))
    if (type.startsWith('orderly.order.') && !refused.has(body))
      findings.push(found('lost', `The refusing subscription: ${nameOf(type)} ${id} was not parked whole`));
  if (waiting > 0) findings.push(found('lost', `${waiting} messages are still in the subscriptions`));
  return findings;
}
