import type { QueueState } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { pulse } from '../live.ts';
import { count, counted, duration } from '../model/format.ts';
import { byName, deadLettersOf, held, kindName, needsPerson } from '../model/queues.ts';
import { address } from '../model/url-state.ts';
import { empty, heading, loadingNote, panel, tag, toggle } from '../parts/basics.ts';
import { FilterText } from '../parts/filter-text.ts';
import { param, setParams } from '../route.ts';

export const Queues = (): VNode => {
  const now = pulse.value;
  if (!now) return html`${heading('Queues')}${loadingNote(true)}`;
  const states = byName(now.queues);
  const text = param('text').toLowerCase();
  const failed = param('failed') === '1';
  const trouble = (queue: QueueState): number => {
    const letters = needsPerson(queue) ? queue : deadLettersOf(queue, states);
    return letters ? held(letters) : 0;
  };
  const shown = now.queues.filter(
    (queue) => (!text || queue.name.toLowerCase().includes(text)) && (!failed || trouble(queue) > 0),
  );
  const aside = shown.filter(needsPerson);
  const wakeUps = shown.filter(({ kind }) => kind === 'wake-ups');
  const others = shown.filter((queue) => !needsPerson(queue) && !wakeUps.includes(queue));
  return html`
    ${heading('Queues', html`<span class="soft">${counted(now.queues.length, 'queue')}</span>`)}
    <div class="filters">
      ${h(FilterText, { label: 'Find queues', name: 'text', placeholder: 'Part of a name' })}
      ${toggle('Failed only', failed, (on) => setParams({ failed: on }))}
    </div>
    ${shown.length === 0 ? empty(failed ? 'No dead letter anywhere: nothing needs you.' : 'No queue matches.') : null}
    ${others.length > 0 ? panel('Subscriptions', table(others, states, false)) : null}
    ${wakeUps.length > 0 ? panel('Wake-ups: messages of a service to itself, no events', table(wakeUps, states, false, 'Queues of wake-ups')) : null}
    ${aside.length > 0 ? panel(`What needs a person: ${[...new Set(aside.map(kindName))].join(', ')}`, table(aside, states, true)) : null}`;
};

const table = (
  queues: readonly QueueState[],
  states: ReadonlyMap<string, QueueState>,
  aside: boolean,
  label = aside ? 'Queues of failures' : 'Queues',
): VNode => html`<div class="scroll" tabindex="0" role="region" aria-label=${label}><table>
  <thead><tr><th scope="col">Queue</th>${aside ? html`<th scope="col">Holds</th>` : null}<th scope="col" class="n">${aside ? 'Messages' : 'Waiting'}</th>
    <th scope="col" class="n">In flight</th><th scope="col" class="n">Oldest</th>
    ${
      aside
        ? null
        : html`<th scope="col" class="n">Sent / min</th><th scope="col">Policy</th><th scope="col">Dead letters</th>`
    }</tr></thead>
  <tbody>${queues.map((queue) => (aside ? asideRow(queue) : row(queue, states)))}</tbody></table></div>`;

const link = (queue: QueueState): VNode =>
  html`<a href=${address(['queues', queue.name])}>${queue.name}</a>${queue.ours ? null : html` ${' '}${tag('plain', 'another team')}`}`;

const policy = ({ maxReceiveCount, visibilityTimeout, events }: QueueState): string =>
  [
    maxReceiveCount === undefined ? '' : counted(maxReceiveCount, 'receive'),
    visibilityTimeout === undefined ? '' : `${visibilityTimeout} s each`,
    events.length > 0 ? `only ${events.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(', ');

const row = (queue: QueueState, states: ReadonlyMap<string, QueueState>): VNode => {
  const letters = deadLettersOf(queue, states);
  const dead = letters ? held(letters) : 0;
  return html`<tr key=${queue.name}><td class="queue-name">${link(queue)}</td>
    <td class="n">${count(queue.waiting)}${queue.delayed > 0 ? html`<br /><span class="soft">${count(queue.delayed)} later</span>` : null}</td>
    <td class="n">${count(queue.inFlight)}</td><td class="n nowrap">${age(queue)}</td><td class="n">${count(queue.sentLastMinute)}</td>
    <td class="soft">${policy(queue)}</td>
    <td>${letters && dead > 0 ? html`<a class="tag bad" href=${address(['queues', letters.name])}>${counted(dead, 'dead letter')}</a>` : html`<span class="soft">none</span>`}</td></tr>`;
};

const age = ({ oldestAge }: QueueState): string => (oldestAge === undefined ? '' : duration(oldestAge));

const asideRow = (
  queue: QueueState,
): VNode => html`<tr key=${queue.name}><td>${link(queue)}</td><td class="soft">${kindName(queue)}</td>
  <td class="n">${held(queue) > 0 ? tag('bad', count(held(queue))) : '0'}</td><td class="n">${count(queue.inFlight)}</td><td class="n nowrap">${age(queue)}</td></tr>`;
