import type { ItemPage, StoredItem, TableRow } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { about } from '../live.ts';
import { counted } from '../model/format.ts';
import { apiPath } from '../model/url-state.ts';
import { empty, heading, loadingNote, problemNote, select } from '../parts/basics.ts';
import { FilterText } from '../parts/filter-text.ts';
import { ItemDetail } from '../parts/item-detail.ts';
import { param, setParams } from '../route.ts';
import { useData } from '../use-data.ts';

/** The items of one table, by its key or an index. */
export const Table = ({ id }: { id: string }): VNode => {
  const tables = useData<readonly TableRow[]>('/api/tables');
  const row = tables.value?.find(({ name }) => name === id);
  const index = param('index');
  const partition = param('partition');
  const query = { index, partition, sort: param('sort'), after: param('after') };
  const { value, problem, loading, reload } = useData<ItemPage>(
    apiPath(`/api/tables/${encodeURIComponent(id)}`, query),
    3000,
  );
  const key = (index ? row?.indexes.find(({ name }) => name === index)?.key : row?.key) ?? [];
  const pk = param('pk');
  const selected = pk ? value?.items.find((item) => isAt(item, pk, param('sk'))) : undefined;
  return html`
    ${heading(html`Table <span class="mono">${id}</span>`, row ? html`<span class="soft">${counted(row.items, 'item')}</span>` : null)}
    <p class="lead"><a href="/tables">All tables</a></p>
    <div class="filters">
      ${select(
        'By',
        index,
        [['', 'the key'], ...(row?.indexes ?? []).map(({ name }) => [name, name] as const)],
        (name) => setParams({ index: name, partition: '', sort: '', after: '' }),
      )}
      ${h(FilterText, { label: key[0] ?? 'Partition key', name: 'partition', placeholder: 'The whole value; empty for all' })}
      ${key.length > 1 ? h(FilterText, { label: key[1] ?? 'Sort key', name: 'sort', placeholder: 'Its beginning', narrow: true }) : null}
      ${about.value?.mode === 'aws' ? html`<button type="button" class="btn small" onClick=${reload}>Refresh</button>` : null}
    </div>
    ${problemNote(problem ?? tables.problem)}
    ${loadingNote(loading && !value)}
    <div class=${pk ? 'beside' : ''}>
      ${value && value.items.length > 0 ? items(value.items, pk, param('sk')) : null}
      ${value?.items.length === 0 ? html`<div class="panel">${empty(partition ? 'No item has this key.' : 'The table is empty.')}</div>` : null}
      ${pk ? h(ItemDetail, { key: `${pk} ${param('sk')}`, table: id, pk, sk: param('sk'), item: selected }) : null}
    </div>
    <div class="actions">
      ${query.after ? html`<button type="button" class="btn" onClick=${() => setParams({ after: '' })}>From the start</button>` : null}
      ${value?.after ? html`<button type="button" class="btn" onClick=${() => setParams({ after: value.after })}>Next items</button>` : null}
    </div>`;
};

const keyOf = ({ key }: StoredItem): readonly [pk: string, sk: string] => {
  const [pk = '', sk = ''] = Object.values(key);
  return [pk, sk];
};

const isAt = (item: StoredItem, pk: string, sk: string): boolean => {
  const own = keyOf(item);
  return own[0] === pk && own[1] === sk;
};

const MOST_LETTERS = 160;

const summary = ({ key, item }: StoredItem): string => {
  const rest = Object.entries(item).filter(([name]) => !(name in key));
  const text = rest
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
};

const items = (
  list: readonly StoredItem[],
  pk: string,
  sk: string,
): VNode => html`<div class="panel flush scroll" tabindex="0" role="region" aria-label="Items"><table>
  <thead><tr><th scope="col">Key</th><th scope="col">Item</th></tr></thead>
  <tbody>${list.map((item) => {
    const own = keyOf(item);
    const isSelected = own[0] === pk && own[1] === sk;
    return html`<tr key=${own.join(' ')} class=${isSelected ? 'selected' : ''}>
      <td><button type="button" class="row-button mono strong" aria-pressed=${isSelected ? 'true' : 'false'}
        onClick=${() => setParams(isSelected ? { pk: '', sk: '' } : { pk: own[0], sk: own[1] })}>${own.filter(Boolean).join(' / ')}</button></td>
      <td class="soft item-text">${summary(item)}</td></tr>`;
  })}</tbody></table></div>`;
