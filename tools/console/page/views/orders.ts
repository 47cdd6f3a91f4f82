import type { OrderPage, OrderRow } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { about, pulse } from '../live.ts';
import { ago, counted, dateAndTime, money, shortId } from '../model/format.ts';
import { address, apiPath } from '../model/url-state.ts';
import { empty, heading, loadingNote, problemNote, select, statusTag, tag, toggle } from '../parts/basics.ts';
import { FilterText } from '../parts/filter-text.ts';
import { param, setParams } from '../route.ts';
import { useData } from '../use-data.ts';

const STATUSES: readonly OrderRow['status'][] = ['PLACED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'SHIPPED'];
const PAGE = 50;
const MOST = 500;

export const Orders = (): VNode => {
  const query = param('query');
  const status = param('status');
  const failed = param('failed') === '1';
  const limit = Math.min(Number(param('limit')) || PAGE, MOST);
  const { value, problem, loading, reload } = useData<OrderPage>(
    apiPath('/api/orders', { query, status, limit }),
    2000,
  );
  const orders = value?.orders.filter((order) => !failed || order.deadLetters > 0);

  return html`
    ${heading('Orders', loading ? null : html`<span class="soft">newest first</span>`)}
    <div class="filters">
      ${h(FilterText, { label: 'Find orders', name: 'query', placeholder: 'Order id, customer, reference or SKU' })}
      ${select(
        'State',
        status,
        [['', 'all'], ...STATUSES.map((name) => [name, name.toLowerCase()] as const)],
        (next) => setParams({ status: next }),
      )}
      ${toggle('Failed only', failed, (on) => setParams({ failed: on }))}
      ${about.value?.mode === 'aws' ? html`<button type="button" class="btn small" onClick=${reload}>Refresh</button>` : null}
    </div>
    ${value?.note ? html`<p class="note plain">${value.note}</p>` : null}
    ${problemNote(problem)}
    ${loadingNote(!value && !problem)}
    ${orders && orders.length > 0 ? table(orders) : null}
    ${orders?.length === 0 ? empty(whyEmpty(Boolean(query || status || failed))) : null}
    ${
      value?.more && limit < MOST
        ? html`<button type="button" class="btn" onClick=${() => setParams({ limit: limit + PAGE })}>Show more</button>`
        : null
    }`;
};

const whyEmpty = (filtered: boolean): VNode | string =>
  filtered
    ? html`No order matches. <button type="button" class="link" onClick=${() =>
        setParams({ query: '', status: '', failed: false })}>Clear the filters</button>`
    : 'No order yet. Place one with the button above; it offers to make products when there are none.';

const table = (orders: readonly OrderRow[]): VNode => {
  const now = pulse.value?.at ?? Date.now();
  return html`<div class="panel flush scroll" tabindex="0" role="region" aria-label="Orders"><table>
    <thead><tr><th scope="col">Order</th><th scope="col">State</th><th scope="col">Customer</th><th scope="col">Lines</th>
      <th scope="col" class="n">Total</th><th scope="col">Placed</th></tr></thead>
    <tbody>${orders.map((order) => row(order, now))}</tbody>
  </table></div>`;
};

const row = (order: OrderRow, now: number): VNode =>
  html`<tr key=${order.orderId}>
    <td><a class="mono" href=${address(['orders', order.orderId])} title=${order.orderId}>${shortId(order.orderId)}</a></td>
    <td>${statusTag(order.status)}${' '}${
      order.deadLetters > 0 ? tag('bad', counted(order.deadLetters, 'dead letter')) : null
    }</td>
    <td>${order.customerId}${order.reference ? html` <span class="soft">${order.reference}</span>` : null}</td>
    <td>${order.lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ')}</td>
    <td class="n">${money(order.total, order.currency)}</td>
    <td class="soft nowrap" title=${dateAndTime(order.placedAt)}>${ago(order.placedAt, now)}</td>
  </tr>`;
