import type { Evidence } from '../evidence.ts';
import type { Poison } from '../poison.ts';
import { withoutDuplicates } from './events.ts';
import { type Finding, found } from './finding.ts';
import { nameOf } from './history.ts';

/** What was refused must be parked whole; nothing else may be. */
export function deadLetterFindings({ deadLetters, poison, refusing, events, waiting }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const parked = deadLetters.filter(({ target }) => target === undefined);
  const isParked = ({ subscription, body }: Poison): boolean =>
    parked.some((letter) => letter.queue.endsWith(`-dlq--${subscription}.fifo`) && letter.body === body);
  for (const each of poison) {
    const { kind, subscription, ends } = each;
    if (ends === 'parked' && !isParked(each))
      findings.push(found('lost', `Poison (${kind}) for ${subscription} is in no dead-letter queue`));
    if (ends === 'ignored' && isParked(each))
      findings.push(found('inconsistent', `Poison (${kind}) for ${subscription} should have been ignored`));
  }
  const behind = poison.filter(({ ends }) => ends === 'mostly ignored');
  if (behind.length > 0 && behind.every(isParked))
    findings.push(found('untried', `All ${behind.length} messages behind poison are in dead-letter queues`));
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
