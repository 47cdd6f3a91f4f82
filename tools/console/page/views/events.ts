import { useEffect, useMemo } from 'preact/hooks';
import type { EventEntry } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { EVENT_CAPACITY, eventsVersion, heldEvents, pausedAt, recentEvents, watchEvents } from '../live.ts';
import { type EventFilter, filterEvents, namesOf } from '../model/event-filter.ts';
import { clock, count, counted, dateAndTime, shortId } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { empty, has, heading, select, toggle } from '../parts/basics.ts';
import { EventDetail } from '../parts/event-detail.ts';
import { deliveryTags, taken } from '../parts/event-list.ts';
import { FilterText } from '../parts/filter-text.ts';
import { WindowTable } from '../parts/window-table.ts';
import { param, setParams } from '../route.ts';

export const Events = (): VNode =>
  has('history')
    ? h(EventLog, {})
    : html`${heading('Events')}${empty(
        'A deployed stage keeps no log of its events, and reading its queues would disturb them. Open an order to see what was published for it, or a queue to see its dead letters.',
      )}`;

const filterOf = (): EventFilter => ({
  text: param('text'),
  type: param('type'),
  subject: param('subject'),
  topic: param('topic'),
  failedOnly: param('failed') === '1',
});

const EventLog = (): VNode => {
  useEffect(watchEvents, []);
  const version = eventsVersion.value;
  const filter = filterOf();
  const selected = param('event');
  const all = recentEvents.all();
  const rows = useMemo(() => filterEvents(all, filter), [version, JSON.stringify(filter)]);
  const current = selected ? all.find(({ id }) => id === selected) : undefined;
  const isFiltered = JSON.stringify(filter) !== NO_FILTER;

  return html`
    ${heading('Events', html`<span class="soft" role="status">${howMany(all.length, rows.length, isFiltered)}</span>`)}
    ${h(Filters, { all, filter })}
    <div class=${selected ? 'beside' : ''}>
      ${
        rows.length > 0
          ? h(WindowTable<EventEntry>, {
              label: 'Events, newest first',
              head: HEAD,
              rows,
              idOf,
              selected,
              draw: (entry) => row(entry, entry.id === selected),
              onKey: (event) => onKey(event, rows, selected),
            })
          : html`<div class="panel">${empty(
              isFiltered
                ? html`No event matches. <button type="button" class="link" onClick=${clearFilters}>Clear the filters</button>`
                : 'No event yet. Place an order: its events appear here as they are published.',
            )}</div>`
      }
      ${selected ? h(EventDetail, { entry: current, onClose: () => setParams({ event: '' }) }) : null}
    </div>`;
};

const NO_FILTER = JSON.stringify({ text: '', type: '', subject: '', topic: '', failedOnly: false });
const clearFilters = (): void => setParams({ text: '', type: '', subject: '', topic: '', failed: '' });
const idOf = ({ id }: EventEntry): string => id;

const howMany = (all: number, shown: number, isFiltered: boolean): string => {
  const kept = all >= EVENT_CAPACITY ? `the newest ${count(all)}` : counted(all, 'event');
  const matching = isFiltered ? `${count(shown)} of ` : '';
  const waiting = pausedAt.value ? `, ${count(heldEvents.value)} more since the pause` : '';
  return `${matching}${kept}${waiting}`;
};

const choices = (names: readonly string[], chosen: string): readonly (readonly [string, string])[] => [
  ['', 'all'],
  ...[...new Set(chosen ? [...names, chosen] : names)].map((name) => [name, name] as const),
];

const Filters = ({
  all,
  filter,
}: {
  all: readonly EventEntry[];
  filter: EventFilter;
}): VNode => html`<div class="filters">
  ${h(FilterText, { label: 'Text', name: 'text', placeholder: 'Event id or anything in the payload' })}
  ${h(FilterText, { label: 'Subject', name: 'subject', placeholder: 'Order id or SKU', narrow: true })}
  ${select('Type', filter.type, choices(namesOf(all, 'type'), filter.type), (type) => setParams({ type }))}
  ${select('Topic', filter.topic, choices(namesOf(all, 'topic'), filter.topic), (topic) => setParams({ topic }))}
  ${toggle('Failed only', filter.failedOnly, (on) => setParams({ failed: on }))}
</div>`;

const HEAD = html`<th scope="col" class="c-time">Time</th><th scope="col" class="c-event">Event</th><th scope="col" class="c-subject not-phone">Subject</th>
  <th scope="col" class="c-topic wide-only">Topic</th><th scope="col" class="c-sequence n wide-only">Sequence</th><th scope="col">Taken by</th>`;

const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

const row = (
  entry: EventEntry,
  isSelected: boolean,
): VNode => html`<tr key=${entry.id} class=${isSelected ? 'selected' : ''}>
  <td class="mono soft" title=${dateAndTime(entry.at)}>${clock(entry.at)}</td>
  <td><button type="button" class="row-button strong" aria-pressed=${isSelected ? 'true' : 'false'}
    onClick=${() => setParams({ event: isSelected ? '' : entry.id })}>${entry.type}</button></td>
  <td class="mono not-phone">${
    ORDER_ID.test(entry.subject)
      ? html`<a href=${address(['orders', entry.subject])} title=${entry.subject}>${shortId(entry.subject)}</a>`
      : entry.subject
  }</td>
  <td class="soft wide-only">${entry.topic}</td>
  <td class="n soft wide-only">${entry.sequence ?? ''}</td>
  <td><span class="narrow-only">${taken(entry)}</span><span class="wide-only">${entry.deliveries.length > 0 ? deliveryTags(entry.deliveries) : taken(entry)}</span></td>
</tr>`;

/** j and k or the arrows go through the events, Escape closes the one that is open. */
const onKey = (event: KeyboardEvent, rows: readonly EventEntry[], selected: string): void => {
  if (event.key === 'Escape' && selected) {
    setParams({ event: '' });
    return;
  }
  const down = event.key === 'j' || event.key === 'ArrowDown';
  const up = event.key === 'k' || event.key === 'ArrowUp';
  if (!(down || up) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const at = rows.findIndex(({ id }) => id === selected);
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + (down ? 1 : -1), 0), rows.length - 1)];
  if (next) setParams({ event: next.id }, false);
};
