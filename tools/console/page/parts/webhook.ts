import type { WebhookEndpoint } from '../../src/api.ts';
import { html, type VNode } from '../html.ts';
import { pulse } from '../live.ts';
import { whyDisabled } from '../model/webhooks.ts';
import { has, tag } from './basics.ts';

const SERVICE = 'webhooks';

/** Why the endpoints cannot be shown; null when they can. */
export const whyNoWebhooks = (): VNode | null => {
  if (!has('webhooks')) {
    return html`The console calls no API of a deployed stage. Its endpoints and their deliveries are shown and changed by the API of
      its webhooks service (docs/reference/openapi/webhooks.yaml). Queues and dead letters are under <a href="/queues">Queues</a>.`;
  }
  const services = pulse.value?.services;
  const service = services?.find(({ name }) => name === SERVICE);
  if (!services || service?.url) return null;
  if (!service) return html`No service webhooks belongs to this platform.`;
  if (service.state === 'starting') return html`The service webhooks is starting.`;
  return html`The service webhooks is not running. Start it in the <a href="/">list of services</a>; what was to be delivered waits
    for it.`;
};

/** Whether an endpoint gets events, and if not, why. */
export const endpointTag = (endpoint: WebhookEndpoint): VNode => {
  if (endpoint.status === 'ENABLED') return tag('good', 'enabled');
  const byOwner = endpoint.disabledReason === 'OWNER';
  return html`${tag(byOwner ? 'plain' : 'bad', 'disabled')} <span class="soft">${whyDisabled(endpoint)}</span>`;
};
