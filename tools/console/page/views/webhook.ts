import { useState } from 'preact/hooks';
import type { Actions, WebhookDetail } from '../../src/api.ts';
import { actions } from '../client.ts';
import { h, html, type VNode } from '../html.ts';
import { counted, dateAndTime } from '../model/format.ts';
import { apiPath } from '../model/url-state.ts';
import { withStatus } from '../model/webhooks.ts';
import { ActionButton } from '../parts/action-button.ts';
import { empty, heading, loadingNote, panel, problemNote, select } from '../parts/basics.ts';
import { SecretDialog } from '../parts/secret.ts';
import { endpointTag, whyNoWebhooks } from '../parts/webhook.ts';
import { DeliveryCard, retry } from '../parts/webhook-delivery.ts';
import { go, param, setParams } from '../route.ts';
import { useData } from '../use-data.ts';

const PAGE = 50;
const MOST = 500;

/** One endpoint with its deliveries. */
export const Webhook = ({ id }: { id: string }): VNode => {
  const missing = whyNoWebhooks();
  return missing ? html`${heading('Webhook')}${empty(missing)}` : h(Endpoint, { id });
};

const Endpoint = ({ id }: { id: string }): VNode => {
  const limit = Math.min(Number(param('limit')) || PAGE, MOST);
  const path = apiPath(`/api/webhooks/${encodeURIComponent(id)}`, { limit, after: param('after') });
  const { value, problem, reload } = useData<WebhookDetail>(path, 2000);
  return html`
    ${heading(html`Webhook <span class="mono">${value?.endpoint.url ?? id}</span>`, value ? endpointTag(value.endpoint) : null)}
    <p class="lead soft">${value ? facts(value) : null} <a href="/webhooks">All endpoints</a></p>
    ${problemNote(problem)}
    ${loadingNote(!value && !problem)}
    ${value ? h(EndpointActions, { detail: value, reload }) : null}
    ${value ? deliveries(value, limit, reload) : null}`;
};

const facts = ({ endpoint: { events, description, registeredAt, disabledAt } }: WebhookDetail): string =>
  [
    `Gets ${events.join(', ')}.`,
    description ? `${description.replace(/\.$/, '')}.` : '',
    `Registered ${dateAndTime(registeredAt)}.`,
    disabledAt === undefined ? '' : `Disabled ${dateAndTime(disabledAt)}.`,
  ]
    .filter(Boolean)
    .join(' ');

interface Props {
  readonly detail: WebhookDetail;
  readonly reload: () => void;
}

const EndpointActions = ({ detail: { endpoint }, reload }: Props): VNode => {
  const [rotated, setRotated] = useState<Actions['rotateWebhookSecret']['out']>();
  const { endpointId, url, status } = endpoint;
  const enabled = status === 'ENABLED';
  return html`<div class="actions bar-actions">
    ${h(ActionButton, {
      label: 'Send a test event',
      disabled: enabled ? undefined : 'It is disabled: the event would wait.',
      run: async () => {
        await actions.testWebhook(endpointId);
        reload();
        return 'A test event is on its way.';
      },
    })}
    ${h(ActionButton, {
      label: enabled ? 'Disable' : 'Enable',
      run: async () => {
        await actions.setWebhookStatus(endpointId, { status: enabled ? 'DISABLED' : 'ENABLED' });
        reload();
        return enabled ? 'The endpoint is disabled: it gets nothing.' : 'The endpoint is enabled.';
      },
    })}
    ${h(ActionButton, {
      label: 'Rotate the secret',
      run: async () => {
        setRotated(await actions.rotateWebhookSecret(endpointId));
        return 'The endpoint has a new secret.';
      },
    })}
    ${h(ActionButton, {
      label: 'Delete',
      confirm: {
        title: 'Delete this endpoint?',
        text: `${url} gets no more events. What waits for it is not delivered.`,
        yes: 'Delete it',
      },
      run: async () => {
        await actions.deleteWebhook(endpointId);
        go('/webhooks');
        return `Deleted ${url}.`;
      },
    })}
    ${
      rotated
        ? h(SecretDialog, {
            secret: rotated.secret,
            note: `The secret before it signs, too, until ${dateAndTime(rotated.previousExpiresAt)}.`,
            onClose: () => setRotated(undefined),
          })
        : null
    }
  </div>`;
};

const STATES = [
  ['', 'all'],
  ['PENDING', 'waits'],
  ['DELIVERED', 'delivered'],
  ['FAILED', 'failed'],
] as const;

const deliveries = (detail: WebhookDetail, limit: number, reload: () => void): VNode => {
  const status = param('status');
  const loaded = detail.deliveries;
  const shown = withStatus(loaded, status);
  const failed = withStatus(loaded, 'FAILED');
  const retryAll = async (): Promise<string> => {
    const text = await retry(failed.map(({ deliveryId }) => deliveryId));
    reload();
    return text;
  };
  return panel(
    `Deliveries, newest first (${status ? `${shown.length} of ` : ''}${loaded.length}${detail.next ? ' loaded' : ''})`,
    html`
      ${shown.map((delivery) => h(DeliveryCard, { key: delivery.deliveryId, delivery, onDone: reload }))}
      ${shown.length === 0 ? empty(whyEmpty(loaded.length > 0)) : null}
      <div class="actions">${pages(detail, limit)}</div>`,
    html`${select('State', status, STATES, (next) => setParams({ status: next }))}
      ${
        failed.length > 0
          ? h(ActionButton, {
              label: `Retry ${counted(failed.length, 'failed delivery', 'failed deliveries')}`,
              kind: 'primary',
              run: retryAll,
            })
          : null
      }`,
  );
};

const whyEmpty = (filtered: boolean): VNode | string =>
  filtered
    ? html`None of those that are loaded. <button type="button" class="link" onClick=${() => setParams({ status: '' })}>Clear the filter</button>`
    : 'No delivery yet. Send a test event, or place an order.';

/** More of them on this page as long as it stays quick, then a page of older ones. */
const pages = ({ next }: WebhookDetail, limit: number): VNode => html`
  ${param('after') ? html`<button type="button" class="btn" onClick=${() => setParams({ after: '', limit: '' })}>From the newest</button>` : null}
  ${next && limit < MOST ? html`<button type="button" class="btn" onClick=${() => setParams({ limit: limit + PAGE })}>Show more</button>` : null}
  ${next && limit >= MOST ? html`<button type="button" class="btn" onClick=${() => setParams({ after: next, limit: '' })}>Older deliveries</button>` : null}`;
