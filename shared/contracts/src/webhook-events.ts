import * as v from 'valibot';
import { defineEvent } from './event.ts';
import { isWebhookEndpointDisabledV1 } from './exact-checks.ts';
import { anyText, text } from './limits.ts';
import { Timestamp } from './values.ts';

export const EndpointId = v.pipe(
  anyText('The id of an endpoint'),
  v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'The id of an endpoint is a UUID in lower case'),
  v.brand('EndpointId'),
  v.description('The id of a webhook endpoint: a UUID (RFC 9562) in lower case.'),
);
export type EndpointId = v.InferOutput<typeof EndpointId>;

export const Tenant = v.pipe(
  text('A tenant', 255),
  v.description('Who owns an endpoint: the `client_id` of the token that registered it, else its `sub`.'),
);

export const DisabledReason = v.pipe(
  v.picklist(['GONE', 'FAILING']),
  v.description('GONE: the endpoint has answered 410. FAILING: every attempt has failed for days.'),
);
export type DisabledReason = v.InferOutput<typeof DisabledReason>;

const host = v.pipe(text('A host', 255), v.description("The host of the endpoint's URL."));

const failingSince = v.pipe(
  Timestamp,
  v.description('The first failed attempt since the last one that succeeded.'),
);

// esbuild drops an unused event only when the call that makes it is marked in this very file, and when no argument
// of it is a call.

/* @__NO_SIDE_EFFECTS__ */
const endpointEvent = <const Type extends string, const More extends v.ObjectEntries>(event: {
  readonly type: Type;
  readonly isExact: (event: unknown) => boolean;
  readonly description: string;
  /** Fields beside those that identify the endpoint. */
  readonly more: More;
}) =>
  defineEvent({
    topic: 'webhook-events',
    type: event.type,
    isExact: event.isExact,
    description: event.description,
    data: v.object({ endpointId: EndpointId, tenant: Tenant, host, ...event.more }),
  });

export const WebhookEndpointDisabled = endpointEvent({
  type: 'orderly.webhook-endpoint.disabled.v1',
  isExact: isWebhookEndpointDisabledV1,
  description: 'A webhook endpoint gets no more deliveries until its owner enables it again.',
  more: { reason: DisabledReason, failingSince, disabledAt: Timestamp },
});
