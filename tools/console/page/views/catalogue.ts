import type { CatalogueEntry } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { counted } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { empty, heading, json, loadingNote, problemNote, tag } from '../parts/basics.ts';
import { FilterText } from '../parts/filter-text.ts';
import { param } from '../route.ts';
import { useData } from '../use-data.ts';

/** The events: what each says, who publishes it and who reads it. */
export const Catalogue = ({ id }: { id: string }): VNode => {
  const { value, problem } = useData<readonly CatalogueEntry[]>('/api/catalogue');
  const text = param('text').toLowerCase();
  const shown = value?.filter(
    (entry) => !text || `${entry.type} ${entry.topic} ${entry.description}`.toLowerCase().includes(text),
  );
  const chosen = value?.find(({ type }) => type === id);
  return html`
    ${heading('Catalogue', value ? html`<span class="soft">${counted(value.length, 'event')}</span>` : null)}
    <div class="filters">${h(FilterText, { label: 'Find event types', name: 'text', placeholder: 'Name, topic or description' })}</div>
    ${problemNote(problem)}
    ${loadingNote(!value && !problem)}
    <div class=${chosen ? 'beside even' : ''}>
      ${shown && shown.length > 0 ? list(shown, id, param('text')) : null}
      ${shown?.length === 0 ? html`<div class="panel">${empty('No event type matches.')}</div>` : null}
      ${chosen ? detail(chosen) : null}
    </div>`;
};

const list = (
  entries: readonly CatalogueEntry[],
  id: string,
  text: string,
): VNode => html`<div class="panel flush scroll" tabindex="0" role="region" aria-label="Event types"><table>
  <thead><tr><th scope="col">Event</th><th scope="col">Topic</th>${id ? null : html`<th scope="col">What it says</th>`}</tr></thead>
  <tbody>${entries.map(
    (entry) => html`<tr key=${entry.type} class=${entry.type === id ? 'selected' : ''}>
      <td><a href=${address(['catalogue', entry.type], { text })} aria-current=${entry.type === id ? 'true' : undefined}>${entry.type}</a></td>
      <td class="soft">${entry.topic}</td>${id ? null : html`<td class="soft">${entry.description}</td>`}</tr>`,
  )}</tbody></table></div>`;

const detail = (entry: CatalogueEntry): VNode => html`<section class="panel detail" aria-label=${entry.type}>
  <div class="panel-head"><h2>${entry.type}</h2><span class="soft">version ${entry.version}</span>
    <div class="tools"><a class="btn small" href=${address(['events'], { type: entry.type })}>Its events</a>
      <a class="btn small" href="/catalogue">Close</a></div></div>
  <p>${entry.description}</p>
  <dl class="facts">
    <dt>Topic</dt><dd>${entry.topic}</dd>
    <dt>Published by</dt><dd>${entry.publisher ?? 'another team'}</dd>
    <dt>Read by</dt><dd>${entry.consumers.length > 0 ? html`<span class="tags">${entry.consumers.map((name) => tag('plain', name))}</span>` : 'nobody'}</dd>
  </dl>
  <h2>Example</h2>
  ${json(entry.example, 'Example')}
  <details><summary>Schema</summary>${json(entry.schema, 'Schema')}</details>
</section>`;
