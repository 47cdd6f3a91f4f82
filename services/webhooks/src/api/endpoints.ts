import { EndpointId, eventName, eventTypes } from '@orderly/contracts';
import { pageFields } from '@orderly/functions/http/page';
import { conflict, notFound, type Problem, unprocessable } from '@orderly/functions/http/problem';
import * as v from 'valibot';
import type { Endpoint } from '../domain/endpoint.ts';

/** The path of one endpoint. */
export const EndpointPath = v.object({ endpointId: EndpointId });

/** The endpoint that a request is about, in every log line of it. */
export const logKeys = { endpoint_id: 'endpointId' };

export const endpointLocation = (endpointId: EndpointId): string => `/endpoints/${endpointId}`;

const names = eventTypes['order-events'].map(eventName);

/** An event that an endpoint can get. */
export const EventName = v.pipe(
  v.picklist(names, `An event is one of ${names.join(', ')}`),
  v.description('The name of an order event.'),
);

export const EventNames = v.pipe(
  v.array(EventName, 'Events must be a list'),
  v.minLength(1, 'An endpoint gets at least one event'),
  v.maxLength(names.length, `There are ${names.length} events`),
  v.description('The names of the events that the endpoint gets.'),
);

/** What is wrong with a URL beside its length is a rule, not a form: see `endpointRefused`. */
export const EndpointUrl = v.pipe(
  v.string('A URL must be a string'),
  v.minLength(1, 'A URL must not be empty'),
  v.maxLength(2048, 'A URL is at most 2048 characters long'),
  v.description('Where events are posted to: https, without credentials, at a public address.'),
);

export const Description = v.pipe(
  v.string('A description must be a string'),
  v.maxLength(200, 'A description is at most 200 characters long'),
  v.description("The owner's note on the endpoint."),
);

/** An endpoint as its owner registers it. */
export const NewEndpoint = v.strictObject({
  url: EndpointUrl,
  events: EventNames,
  description: v.exactOptional(Description),
});

export const EndpointStatus = v.pipe(
  v.picklist(['ENABLED', 'DISABLED'], 'A status is ENABLED or DISABLED'),
  v.description(
    'DISABLED: the endpoint gets nothing. What waits for it waits until it is ENABLED, for 30 days.',
  ),
);

/** What its owner changes; fields that are absent stay as they are. */
export const EndpointRevision = v.strictObject({
  url: v.exactOptional(EndpointUrl),
  events: v.exactOptional(EventNames),
  description: v.exactOptional(Description),
  status: v.exactOptional(EndpointStatus),
});

export const DeliveriesQuery = v.object(pageFields);

export const maxEndpoints = 20;

export function endpointNotFound(endpointId: string): Problem {
  return notFound('endpoint-not-found', `There is no endpoint ${endpointId}`);
}

/** The URL must not be called from here. */
export function endpointRefused(reason: string): Problem {
  return unprocessable('endpoint-refused', 'The URL cannot be an endpoint; "errors" says why', [
    { path: '/body/url', message: reason },
  ]);
}

export function tooManyEndpoints(): Problem {
  return conflict('too-many-endpoints', `A tenant has at most ${maxEndpoints} endpoints; delete one first`);
}

export function endpointKeyReused(): Problem {
  return unprocessable('idempotency-key-reused', 'This Idempotency-Key was used for another endpoint');
}

/** The endpoint as its owner sees it: always the same fields in the same order, and no secret. */
export function showEndpoint(endpoint: Endpoint) {
  const { endpointId, url, events, description, status } = endpoint;
  const { disabledReason, disabledAt, registeredAt, version } = endpoint;
  return {
    ...{ endpointId, url, events, description, status },
    ...{ disabledReason, disabledAt, registeredAt, version },
  };
}

/** A new endpoint: the only answer with its secret. */
export const showRegistered = (endpoint: Endpoint, secret: string) => ({ ...showEndpoint(endpoint), secret });

/** The new secret of an endpoint: the only answer with it. */
export function showRotated({ endpointId, secrets: [, previous] }: Endpoint, secret: string) {
  return { endpointId, secret, previousExpiresAt: previous?.expiresAt ?? '' };
}
