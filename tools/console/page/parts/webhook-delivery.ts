import { useState } from 'preact/hooks';
import type { WebhookAttempt, WebhookDelivery } from '../../src/api.ts';
import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { pulse } from '../live.ts';
import { ago, counted, dateAndTime, duration, shortId } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { attemptText, isGood } from '../model/webhooks.ts';
import { ActionButton } from './action-button.ts';
import { has, type Tone, tag } from './basics.ts';

const STATES: Readonly<Record<WebhookDelivery['status'], readonly [Tone, string]>> = {
  PENDING: ['warn', 'waits'],
  DELIVERED: ['good', 'delivered'],
  FAILED: ['bad', 'failed'],
};

/** What a retry did, in a sentence; what was refused is said with its reason. */
export const retry = async (deliveryIds: readonly string[]): Promise<string> => {
  const { retried, refused } = await actions.retryWebhooks({ deliveryIds });
  const kept = [...new Set(refused.map(({ reason }) => reason))].join('; ');
  return `Retrying ${counted(retried, 'delivery', 'deliveries')}.${kept ? ` Not ${refused.length}: ${kept}` : ''}`;
};

interface Props {
  readonly delivery: WebhookDelivery;
  readonly onDone: () => void;
}

/** An event on its way to an endpoint: what came of it, each attempt, and a button to begin anew. */
export const DeliveryCard = ({ delivery, onDone }: Props): VNode => {
  const [open, setOpen] = useState(false);
  const { deliveryId, event, eventId, status, attempts, beganAt, orderId } = delivery;
  const now = pulse.value?.at ?? Date.now();
  const [tone, state] = STATES[status];
  const of = `${event} ${eventId}`;
  const last = attempts.at(-1);
  return html`<article class="letter" aria-label=${`Delivery: ${of}`}>
    <p class="line"><span>${tag(tone, state)} <b>${event}</b> ${eventLink(delivery)}${
      orderId
        ? html` of order <a class="mono" href=${address(['orders', orderId])} title=${orderId}>${shortId(orderId)}</a>`
        : null
    }</span>
      <span class="soft">began <span title=${dateAndTime(beganAt)}>${ago(beganAt, now)}</span>${nextText(delivery, now)}</span></p>
    <p>${
      last
        ? html`<span class=${isGood(last) ? 'soft' : 'bad'}>${attemptText(last)}</span>${attempts.length > 1 ? html` <span class="soft">at the last of ${counted(attempts.length, 'attempt')}</span>` : null}`
        : html`<span class="soft">No attempt yet</span>`
    }</p>
    <div class="actions">
      ${h(ActionButton, {
        label: 'Retry',
        kind: 'small',
        describe: of,
        run: async () => {
          const text = await retry([deliveryId]);
          onDone();
          return text;
        },
      })}
      ${
        attempts.length > 0
          ? html`<button type="button" class="btn small" aria-expanded=${open ? 'true' : 'false'} onClick=${() => setOpen(!open)}>
              ${open ? 'Hide attempts' : 'Show attempts'}</button>`
          : null
      }
    </div>
    ${open ? html`<ol class="plain" reversed>${attempts.toReversed().map((attempt) => attemptItem(attempt, of))}</ol>` : null}
  </article>`;
};

/** A test event is on no topic, and so not among the events. */
const eventLink = ({ event, eventId, orderId }: WebhookDelivery): VNode =>
  orderId && has('history')
    ? html`<a class="mono" href=${address(['events'], { event: eventId })} title=${eventId} aria-label=${`${event} ${eventId}`}>${shortId(eventId)}</a>`
    : html`<span class="mono soft" title=${eventId}>${shortId(eventId)}</span>`;

const nextText = ({ status, nextAttemptAt = 0 }: WebhookDelivery, now: number): string => {
  if (status !== 'PENDING') return '';
  return nextAttemptAt > now ? `, next attempt in ${duration(nextAttemptAt - now)}` : ', due now';
};

const attemptItem = (attempt: WebhookAttempt, of: string): VNode => html`<li key=${attempt.at}>
  <span class="line"><span class="mono soft">${dateAndTime(attempt.at)}</span><span class=${isGood(attempt) ? '' : 'bad'}>${attemptText(attempt)}</span></span>
  ${
    attempt.answer
      ? html`<pre class="json" tabindex="0" role="region" aria-label=${`Answer of ${dateAndTime(attempt.at)} to ${of}`}>${attempt.answer}</pre>`
      : null
  }</li>`;
