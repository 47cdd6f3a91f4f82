import type { ItemVersion, StoredItem } from '../../src/api.ts';
import { html, type VNode } from '../html.ts';
import { type Difference, diff } from '../model/diff.ts';
import { dateAndTime } from '../model/format.ts';
import { apiPath } from '../model/url-state.ts';
import { setParams } from '../route.ts';
import { useData } from '../use-data.ts';
import { empty, has, json, loadingNote, problemNote, type Tone, tag, whyAbsent } from './basics.ts';

interface Props {
  readonly table: string;
  readonly pk: string;
  readonly sk: string;
  readonly item: StoredItem | undefined;
}

/** One item as it is, and what each write of this run changed. */
export const ItemDetail = ({ table, pk, sk, item }: Props): VNode => {
  const path = apiPath(`/api/tables/${encodeURIComponent(table)}/history`, { pk, sk });
  const history = useData<readonly ItemVersion[]>(has('item-history') ? path : '', 3000);
  return html`<section class="panel detail" aria-label="The selected item">
    <div class="panel-head"><h2 class="mono">${[pk, sk].filter(Boolean).join(' / ')}</h2>
      <div class="tools"><button type="button" class="btn small" onClick=${() => setParams({ pk: '', sk: '' })}>Close</button></div></div>
    ${item ? json(item.item, 'The item') : empty('It is not among the items shown.')}
    <h2>History in this run</h2>
    ${has('item-history') ? null : empty(whyAbsent('item-history', 'Nothing keeps a history of the items here.'))}
    ${problemNote(history.problem)}
    ${loadingNote(has('item-history') && !history.value && !history.problem)}
    ${history.value?.length === 0 ? empty('It was not written in this run.') : null}
    ${history.value ? html`<ol class="plain">${history.value.map((version, n, all) => versionRow(version, all[n + 1]))}</ol>` : null}
  </section>`;
};

const TONES: Readonly<Record<ItemVersion['change'], Tone>> = {
  INSERT: 'good',
  MODIFY: 'accent',
  REMOVE: 'warn',
};

const versionRow = (
  version: ItemVersion,
  older: ItemVersion | undefined,
): VNode => html`<li key=${version.at}>
  <span class="line">${tag(TONES[version.change], version.change)}<time class="mono soft">${dateAndTime(version.at)}</time></span>
  ${version.change === 'MODIFY' && older?.item ? changes(diff(older.item, version.item)) : null}
  ${version.item ? html`<details><summary class="soft">The whole item</summary>${json(version.item, 'The item then')}</details>` : null}
</li>`;

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);

const changes = (list: readonly Difference[]): VNode =>
  list.length === 0
    ? html`<p class="soft small">Written again with the same values.</p>`
    : html`<ul class="diff">${list.map(
        ({ path, before, after }) => html`<li><span class="mono">${path}</span>${' '}
          <span class="line"><del>${shown(before)}</del><span aria-hidden="true">→</span><ins>${shown(after)}</ins></span></li>`,
      )}</ul>`;
