import { useState } from 'preact/hooks';
import type { WebhookList, WebhookRow } from '../../src/api.ts';
import { h, html, type VNode } from '../html.ts';
import { pulse } from '../live.ts';
import { ago, counted, dateAndTime } from '../model/format.ts';
import { address } from '../model/url-state.ts';
import { attemptText, isGood, recentText } from '../model/webhooks.ts';
import { empty, heading, loadingNote, problemNote } from '../parts/basics.ts';
import { RegisterWebhook } from '../parts/register-webhook.ts';
import { SecretDialog } from '../parts/secret.ts';
import { endpointTag, whyNoWebhooks } from '../parts/webhook.ts';
import { go } from '../route.ts';
import { useData } from '../use-data.ts';

/** The endpoints that get order events by HTTP. */
export const Webhooks = (): VNode => {
  const missing = whyNoWebhooks();
  return missing ? html`${heading('Webhooks')}${empty(missing)}` : h(Endpoints, {});
};

const Endpoints = (): VNode => {
  const { value, problem, reload } = useData<WebhookList>('/api/webhooks', 2000);
  const [registering, setRegistering] = useState(false);
  const [registered, setRegistered] = useState<{ endpointId: string; secret: string }>();
  const endpoints = value?.endpoints;
  const onRegistered = (endpointId: string, secret: string): void => {
    setRegistering(false);
    setRegistered({ endpointId, secret });
    reload();
  };
  return html`
    ${heading('Webhooks', endpoints ? html`<span class="soft">${counted(endpoints.length, 'endpoint')}</span>` : null)}
    <p class="lead">Endpoints get order events by HTTP, signed. What one does not accept with 2xx is sent again, for about a day.</p>
    ${value?.tenant ? html`<p class="note plain">This stage needs tokens. You see the endpoints of the caller ${value.tenant}, whose tokens the console uses; those of others only they see.</p>` : null}
    <div class="actions bar-actions">
      <button type="button" class="btn primary" onClick=${() => setRegistering(true)}>Register an endpoint</button>
    </div>
    ${problemNote(problem)}
    ${loadingNote(!value && !problem)}
    ${endpoints && endpoints.length > 0 ? table(endpoints) : null}
    ${endpoints?.length === 0 ? empty('No endpoint yet. Register one, and place an order: the deliveries appear here.') : null}
    ${registering ? h(RegisterWebhook, { onRegistered, onClose: () => setRegistering(false) }) : null}
    ${
      registered
        ? h(SecretDialog, {
            secret: registered.secret,
            onClose: () => go(address(['webhooks', registered.endpointId])),
          })
        : null
    }`;
};

const table = (endpoints: readonly WebhookRow[]): VNode => {
  const now = pulse.value?.at ?? Date.now();
  return html`<div class="panel flush scroll" tabindex="0" role="region" aria-label="Endpoints"><table>
    <thead><tr><th scope="col">Endpoint</th><th scope="col">State</th><th scope="col">Deliveries</th>
      <th scope="col">Last attempt</th><th scope="col">Events</th></tr></thead>
    <tbody>${endpoints.map((endpoint) => row(endpoint, now))}</tbody></table></div>`;
};

const row = (endpoint: WebhookRow, now: number): VNode => {
  const { endpointId, url, description, events, recent } = endpoint;
  const last = recent.lastAttempt;
  return html`<tr key=${endpointId}>
    <td class="hook-url"><a href=${address(['webhooks', endpointId])}>${url}</a>${description ? html`<br /><span class="soft">${description}</span>` : null}</td>
    <td>${endpointTag(endpoint)}</td>
    <td class=${recent.failed > 0 ? 'bad' : ''}>${recentText(recent)}</td>
    <td class="nowrap">${
      last
        ? html`<span class=${isGood(last) ? '' : 'bad'}>${attemptText(last)}</span><br /><span class="soft" title=${dateAndTime(last.at)}>${ago(last.at, now)}</span>`
        : html`<span class="soft">none yet</span>`
    }</td>
    <td class="soft">${events.join(', ')}</td></tr>`;
};
