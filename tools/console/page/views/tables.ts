import type { TableRow } from '../../src/api.ts';
import { html, type VNode } from '../html.ts';
import { bytes, count, counted } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { empty, heading, loadingNote, problemNote } from '../parts/basics.ts';
import { useData } from '../use-data.ts';

export const Tables = (): VNode => {
  const { value, problem } = useData<readonly TableRow[]>('/api/tables', 5000);
  return html`
    ${heading('Tables', value ? html`<span class="soft">${counted(value.length, 'table')}</span>` : null)}
    ${problemNote(problem)}
    ${loadingNote(!value && !problem)}
    ${value?.length === 0 ? empty('No table exists yet. Start a service first.') : null}
    ${value && value.length > 0 ? table(value) : null}`;
};

const table = (rows: readonly TableRow[]): VNode => {
  const [streams, expires] = [
    rows.some(({ stream }) => stream !== undefined),
    rows.some(({ timeToLive }) => timeToLive !== undefined),
  ];
  return html`<div class="panel flush scroll" tabindex="0" role="region" aria-label="Tables"><table>
  <thead><tr><th scope="col">Table</th><th scope="col" class="n">Items</th><th scope="col" class="n">Size</th><th scope="col">Key</th>
    <th scope="col">Indexes</th>${streams ? html`<th scope="col">Stream</th>` : null}${expires ? html`<th scope="col">Expires by</th>` : null}</tr></thead>
  <tbody>${rows.map(
    (row) => html`<tr key=${row.name}><td><a href=${address(['tables', row.name])}>${row.name}</a></td>
      <td class="n">${count(row.items)}</td><td class="n nowrap">${bytes(row.bytes)}</td>
      <td class="mono">${row.key.join(', ')}</td>
      <td>${row.indexes.map(({ name, key }) => html`<div>${name} <span class="mono soft">${key.join(', ')}</span></div>`)}</td>
      ${streams ? html`<td class="soft">${row.stream ?? ''}</td>` : null}${expires ? html`<td class="mono soft">${row.timeToLive ?? ''}</td>` : null}</tr>`,
  )}</tbody></table></div>`;
};
