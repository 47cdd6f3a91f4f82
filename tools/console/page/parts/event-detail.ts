import type { EventEntry } from '../../src/api.ts';
import { html, type VNode } from '../html.ts';
import { dateAndTime, prettyJson } from '../model/format.ts';
import { announce, empty, json } from './basics.ts';
import { copyText } from './copy.ts';
import { deliveryTags } from './event-list.ts';

interface Props {
  readonly entry: EventEntry | undefined;
  readonly onClose: () => void;
}

export const EventDetail = ({
  entry,
  onClose,
}: Props): VNode => html`<section class="panel detail" aria-label="The selected event">
  <div class="panel-head"><h2>${entry?.type ?? 'Event'}</h2><div class="tools">
    ${entry ? html`<button type="button" class="btn small" onClick=${async () => announce(await copyText(prettyJson(entry.event), 'the event as JSON'))}>Copy as JSON</button>` : null}
    <button type="button" class="btn small" onClick=${onClose}>Close</button></div></div>
  ${entry ? facts(entry) : empty('This event is no longer, or not yet, in the memory of the page. Its order still shows it.')}
</section>`;

const facts = (entry: EventEntry): VNode => html`
  <dl class="facts">
    <dt>Published</dt><dd>${dateAndTime(entry.at)}${entry.publisher ? ` by ${entry.publisher}` : ''} to ${entry.topic}</dd>
    <dt>Id</dt><dd class="mono">${entry.id}</dd>
    <dt>Subject</dt><dd class="mono">${entry.subject}</dd>
    ${entry.correlationId ? html`<dt>Correlation</dt><dd class="mono">${entry.correlationId}</dd>` : null}
    <dt>Subscribers</dt><dd>${entry.deliveries.length > 0 ? deliveryTags(entry.deliveries) : 'none'}</dd>
  </dl>
  ${json(entry.event, 'Payload')}`;
