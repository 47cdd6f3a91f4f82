import type { OrderDetail } from '../../src/api.ts';
import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { about } from '../live.ts';
import { counted, dateAndTime, moment, money } from '../model/format.ts';
import { ActionButton } from '../parts/action-button.ts';
import {
  empty,
  has,
  heading,
  json,
  loadingNote,
  panel,
  problemNote,
  statusTag,
  toggle,
} from '../parts/basics.ts';
import { DeadLetterCard } from '../parts/dead-letters.ts';
import { eventList } from '../parts/event-list.ts';
import { logLines } from '../parts/log-lines.ts';
import { Replay } from '../parts/replay.ts';
import { Waterfall } from '../parts/waterfall.ts';
import { param, setParams } from '../route.ts';
import { useData } from '../use-data.ts';

export const Order = ({ id }: { id: string }): VNode => {
  const { value, problem, reload } = useData<OrderDetail>(`/api/orders/${encodeURIComponent(id)}`, 1000);
  return html`
    ${heading(html`Order <span class="mono">${id}</span>`, value?.order ? statusTag(value.order.status) : null)}
    ${value ? h(Summary, { detail: value, reload }) : null}
    ${problemNote(problem)}
    ${loadingNote(!value && !problem)}
    ${value ? h(Detail, { detail: value, reload }) : null}`;
};

interface Props {
  readonly detail: OrderDetail;
  readonly reload: () => void;
}

const Summary = ({ detail, reload }: Props): VNode => {
  const { order, orderId } = detail;
  const then = async (work: Promise<{ status: string }>, what: string): Promise<string> => {
    const { status } = await work;
    reload();
    return `${what}: the order is ${status}.`;
  };
  const cannot = (allowed: readonly string[], what: string): string | undefined =>
    order && allowed.includes(order.status) ? undefined : `Only ${what} can do that.`;
  return html`
    ${
      order
        ? html`<p class="lead"><a href=${`/orders?query=${encodeURIComponent(order.customerId)}`}>${order.customerId}</a>${
            order.reference ? ` · ${order.reference}` : ''
          } · ${order.lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ')} · <b>${money(order.total, order.currency)}</b>
          <span class="soft"> · placed ${dateAndTime(order.placedAt)}</span></p>`
        : html`<p class="note plain">The orders service does not hold this order. What other services know about it stands below.</p>`
    }
    <div class="actions bar-actions">
      ${h(ActionButton, {
        label: 'Cancel order',
        disabled: cannot(['PLACED', 'CONFIRMED'], 'an order that is placed or confirmed'),
        run: () => then(actions.cancelOrder(orderId), 'Cancelled'),
      })}
      ${h(ActionButton, {
        label: 'Ship order',
        disabled: cannot(['CONFIRMED'], 'an order that is confirmed'),
        run: () => then(actions.shipOrder(orderId), 'Shipped'),
      })}
      ${
        has('retry-notifications')
          ? h(ActionButton, {
              label: 'Retry notifications',
              run: async () => {
                const { retried } = await actions.retryNotifications({ orderId });
                reload();
                return retried
                  ? `Retried ${counted(retried, 'notification')}.`
                  : 'No notification had failed.';
              },
            })
          : null
      }
      ${has('replay') ? h(Replay, { orderId, targets: detail.replayTargets, onDone: reload }) : null}
      ${about.value?.mode === 'aws' ? html`<button type="button" class="btn" onClick=${reload}>Refresh</button>` : null}
    </div>`;
};

const NO_SPANS =
  'Spans of a deployed stage are where its exporter sends them (docs/observing.md). The moments below come from the tables.';

const Detail = ({ detail, reload }: Props): VNode => {
  const failed = param('failed') === '1';
  const letters = detail.deadLetters;
  const logs = failed
    ? detail.logs.filter(({ level }) => level === 'ERROR' || level === 'WARN')
    : detail.logs;
  const events = failed
    ? detail.events.filter((event) => event.deliveries.some(({ state }) => state === 'dead'))
    : detail.events;
  return html`
    ${
      detail.odd.length > 0
        ? html`<section class="note warn"><h2>What is odd</h2><ul>${detail.odd.map((text) => html`<li>${text}</li>`)}</ul></section>`
        : null
    }
    ${
      letters.length > 0
        ? panel(
            `Dead letters (${letters.length})`,
            letters.map((letter) =>
              h(DeadLetterCard, { key: letter.messageId, letter, withQueue: true, onDone: reload }),
            ),
            null,
            'bad-edge',
          )
        : null
    }
    ${panel(
      'Timeline',
      has('history') ? h(Waterfall, { spans: detail.spans, failedOnly: failed }) : empty(NO_SPANS),
      toggle('Failed only', failed, (on) => setParams({ failed: on })),
    )}
    <div class="two">
      ${panel('Events', events.length > 0 ? eventList(events) : empty(failed ? 'No event of it failed.' : 'No event of it was seen.'))}
      ${panel('Moments', moments(detail))}
    </div>
    ${panel('Log lines', logs.length > 0 ? logLines(logs, false) : empty(failed ? 'No warning, no error.' : 'No log line names it.'))}
    ${panel('Items as they are', items(detail))}`;
};

const moments = ({ moments: list }: OrderDetail): VNode =>
  list.length === 0
    ? empty('No service has stored anything of it.')
    : html`<ol class="moments">${list.map(
        ({ at, service, what, detail }) =>
          html`<li><time class="mono soft" title=${dateAndTime(at)}>${moment(at, Date.now())}</time>
            <span><b>${what}</b> <span class="soft">${service}</span>${detail ? html`<br /><span class="soft">${detail}</span>` : null}</span></li>`,
      )}</ol>`;

const items = ({ items: list }: OrderDetail): VNode =>
  list.length === 0
    ? empty('No table holds an item of it.')
    : html`<ul class="plain">${list.map(
        ({ table, key, item }) => html`<li><details><summary><span class="line"><span>${table}</span>
          <span class="mono soft">${Object.values(key).join(' / ')}</span></span></summary>
          ${json(item, `Item of ${table}`)}</details></li>`,
      )}</ul>`;
