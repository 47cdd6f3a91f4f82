import type { FunctionRow, LogEntry } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { pulse } from '../live.ts';
import { ago, count, counted, dateAndTime, duration } from '../model/format.ts';
import { apiPath } from '../model/url-state.ts';
import { empty, has, heading, loadingNote, panel, problemNote, select, toggle } from '../parts/basics.ts';
import { FilterText } from '../parts/filter-text.ts';
import { logLines } from '../parts/log-lines.ts';
import { param, setParams } from '../route.ts';
import { useData } from '../use-data.ts';

export const Functions = (): VNode =>
  has('functions')
    ? h(FunctionsAndLogs, {})
    : html`${heading('Functions')}${empty(
        'The functions of a deployed stage and their logs are in CloudWatch: its dashboard has their figures, and Logs Insights finds lines by order and request (docs/observing.md).',
      )}`;

const MOST_LINES = 200;

const FunctionsAndLogs = (): VNode => {
  const rows = useData<readonly FunctionRow[]>('/api/functions', 2000);
  const service = param('service');
  const failed = param('failed') === '1';
  const chosen = param('function');
  const shown = rows.value?.filter(
    (row) => (!service || row.service === service) && (!failed || row.errors > 0),
  );
  const services = [...new Set(rows.value?.map((row) => row.service))];
  return html`
    ${heading('Functions', rows.value ? html`<span class="soft">${counted(rows.value.length, 'function')}</span>` : null)}
    <div class="filters">
      ${select('Service', service, [['', 'all'], ...services.map((name) => [name, name] as const)], (name) => setParams({ service: name }))}
      ${toggle('Failed only', failed, (on) => setParams({ failed: on }))}
    </div>
    ${problemNote(rows.problem)}
    ${loadingNote(!rows.value && !rows.problem)}
    ${shown && shown.length > 0 ? table(shown, chosen) : null}
    ${shown?.length === 0 ? empty(failed ? 'No function failed in this run.' : 'No function is known. Start a service first.') : null}
    ${h(Logs, { names: rows.value?.map(({ name }) => name) ?? [] })}`;
};

const table = (rows: readonly FunctionRow[], chosen: string): VNode => {
  const now = pulse.value?.at ?? Date.now();
  return html`<div class="panel flush scroll functions" tabindex="0" role="region" aria-label="Functions"><table>
    <thead><tr><th scope="col">Function</th><th scope="col">Reacts to</th><th scope="col" class="n">Calls</th><th scope="col" class="n">Errors</th>
      <th scope="col" class="n">p50</th><th scope="col" class="n">p95</th>${has('cold-starts') ? html`<th scope="col" class="n">Cold starts</th>` : null}<th scope="col">Last</th></tr></thead>
    <tbody>${rows.map((row) => functionRow(row, now, row.name === chosen))}</tbody></table></div>`;
};

const functionRow = (
  row: FunctionRow,
  now: number,
  isChosen: boolean,
): VNode => html`<tr key=${row.name} class=${isChosen ? 'selected' : ''}>
  <td><button type="button" class="row-button strong" aria-pressed=${isChosen ? 'true' : 'false'}
    title=${limits(row)} onClick=${() => setParams({ function: isChosen ? '' : row.name })}>${row.name}</button></td>
  <td class="soft">${row.trigger}</td><td class="n">${count(row.invocations)}</td>
  <td class="n ${row.errors > 0 ? 'bad' : ''}">${count(row.errors)}</td>
  <td class="n nowrap">${row.p50 === undefined ? '' : duration(row.p50)}</td><td class="n nowrap">${row.p95 === undefined ? '' : duration(row.p95)}</td>
  ${has('cold-starts') ? html`<td class="n">${count(row.coldStarts)}</td>` : null}
  <td class="soft nowrap" title=${row.lastAt === undefined ? undefined : dateAndTime(row.lastAt)}>${row.lastAt === undefined ? 'not yet' : ago(row.lastAt, now)}</td></tr>`;

const limits = ({ memoryMb, timeoutSeconds }: FunctionRow): string | undefined =>
  [memoryMb ? `${memoryMb} MB` : '', timeoutSeconds ? `${timeoutSeconds} s at most` : '']
    .filter(Boolean)
    .join(', ') || undefined;

const LEVELS: readonly (readonly [LogEntry['level'] | '', string])[] = [
  ['', 'all'],
  ['INFO', 'INFO and above'],
  ['WARN', 'WARN and above'],
  ['ERROR', 'ERROR'],
];

const Logs = ({ names }: { names: readonly string[] }): VNode => {
  const query = {
    service: param('service'),
    function: param('function'),
    level: param('level'),
    order: param('order'),
    request: param('request'),
    text: param('text'),
  };
  const logs = useData<readonly LogEntry[]>(apiPath('/api/logs', { ...query, limit: MOST_LINES }), 2000);
  const { service: _, ...own } = query;
  const isFiltered = Object.values(own).some(Boolean);
  const clear = (): void => setParams({ function: '', level: '', order: '', request: '', text: '' });
  const all = query.function && !names.includes(query.function) ? [...names, query.function] : names;
  return panel(
    'Log lines, newest first',
    html`<div class="filters">
        ${h(FilterText, { label: 'Text', name: 'text', placeholder: 'Anything in the line' })}
        ${select('Level', query.level, LEVELS, (level) => setParams({ level }))}
        ${select('Function', query.function, [['', 'all'], ...all.map((name) => [name, name] as const)], (name) => setParams({ function: name }))}
        ${h(FilterText, { label: 'Order', name: 'order', placeholder: 'Order id', narrow: true })}
        ${h(FilterText, { label: 'Request', name: 'request', placeholder: 'Request id', narrow: true })}
      </div>
      ${problemNote(logs.problem)}
      ${logs.value && logs.value.length > 0 ? html`<div class="log-box" tabindex="0" role="region" aria-label="Log lines">${logLines(logs.value, true)}</div>` : null}
      ${
        logs.value?.length === 0
          ? empty(
              isFiltered
                ? html`No line matches. <button type="button" class="link" onClick=${clear}>Clear the filters</button>`
                : 'No log line yet. They appear as functions run: place an order.',
            )
          : null
      }`,
    isFiltered
      ? html`<button type="button" class="btn small" onClick=${clear}>Clear the filters</button>`
      : null,
  );
};
