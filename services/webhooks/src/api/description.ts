import { EndpointId, Timestamp } from '@orderly/contracts';
import { type ApiDescription, answerOf, pageOf } from '@orderly/functions/http/api-description';
import * as v from 'valibot';
import { DeliveryId, DeliveryPath, deliveryNotFound, type showDelivery } from './deliveries.ts';
import {
  DeliveriesQuery,
  Description,
  EndpointPath,
  EndpointRevision,
  EndpointStatus,
  EndpointUrl,
  EventName,
  EventNames,
  endpointKeyReused,
  endpointLocation,
  endpointNotFound,
  endpointRefused,
  NewEndpoint,
  type showEndpoint,
  type showRegistered,
  type showRotated,
  tooManyEndpoints,
} from './endpoints.ts';

const shownEndpoint = {
  endpointId: EndpointId,
  url: EndpointUrl,
  events: v.pipe(EventNames, v.readonly()),
  description: v.optional(Description),
  status: EndpointStatus,
  disabledReason: v.optional(
    v.pipe(
      v.picklist(['OWNER', 'GONE', 'FAILING']),
      v.description(
        'Why it is DISABLED. OWNER: its owner wanted it. GONE: it has answered 410. FAILING: every attempt has failed for days.',
      ),
    ),
  ),
  disabledAt: v.optional(Timestamp),
  registeredAt: Timestamp,
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
};

const EndpointBody = answerOf<ReturnType<typeof showEndpoint>>()(shownEndpoint);

const Secret = v.pipe(
  v.string(),
  v.regex(/^whsec_[A-Za-z0-9+/]+=*$/),
  v.description('Verifies signatures; a secret of Standard Webhooks. It is shown in this answer only.'),
);

const RegisteredEndpointBody = answerOf<ReturnType<typeof showRegistered>>()({
  ...shownEndpoint,
  secret: Secret,
});

const RotatedSecretBody = answerOf<ReturnType<typeof showRotated>>()({
  endpointId: EndpointId,
  secret: Secret,
  previousExpiresAt: v.pipe(Timestamp, v.description('Until then the secret before this one signs, too.')),
});

const AttemptBody = v.object({
  at: Timestamp,
  durationMs: v.pipe(v.number(), v.integer(), v.minValue(0)),
  status: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(100),
      v.maxValue(999),
      v.description('The HTTP status of the answer.'),
    ),
  ),
  answer: v.optional(
    v.pipe(
      v.string(),
      v.metadata({
        description: 'The first kilobyte of the answer, which may quote the event.',
        'x-personal': 'identifying',
      }),
    ),
  ),
  reason: v.optional(v.pipe(v.string(), v.description('Why there was no answer.'))),
});

const DeliveryBody = answerOf<ReturnType<typeof showDelivery>>()({
  deliveryId: DeliveryId,
  endpointId: EndpointId,
  eventId: v.pipe(v.string(), v.uuid(), v.description('The id of the event; `webhook-id` in requests.')),
  event: v.pipe(v.string(), v.description('The name of the event.')),
  status: v.pipe(
    v.picklist(['PENDING', 'DELIVERED', 'FAILED']),
    v.description('FAILED: all attempts have failed, in about a day, or the endpoint has answered 410.'),
  ),
  createdAt: Timestamp,
  nextAttemptAt: v.optional(
    v.pipe(Timestamp, v.description('When the next attempt may begin, while it is PENDING.')),
  ),
  attempts: v.pipe(v.array(AttemptBody), v.description('The last 20 attempts, oldest first.')),
});

const DeliveriesPage = pageOf(DeliveryBody);
const EndpointsList = v.object({ items: v.array(EndpointBody) });

const endpointId = v.parse(EndpointId, '0f3c1c8e-5a0b-4a57-9d1e-6f1d2b3c4d5e');
const eventId = '019c1d2e-7d0e-7c4b-9a55-3f2e6d8c1b20';
const registration = {
  url: 'https://hooks.example.com/orderly',
  events: ['OrderConfirmed', 'OrderShipped'],
  description: 'Billing',
};
const endpoint = {
  ...{ endpointId, ...registration, status: 'ENABLED' },
  ...{ registeredAt: '2026-01-31T12:00:00.000Z', version: 1 },
};
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const disabledEndpoint = {
  ...endpoint,
  ...{ status: 'DISABLED', disabledReason: 'OWNER', disabledAt: '2026-02-01T12:00:00.000Z', version: 2 },
};
const failure = {
  at: '2026-01-31T12:00:00.100Z',
  durationMs: 41,
  status: 503,
  answer: 'Down for maintenance',
};
const pending = {
  ...{ deliveryId: `${endpointId}.${eventId}`, endpointId, eventId, event: 'OrderConfirmed' },
  ...{ status: 'PENDING', createdAt: '2026-01-31T12:00:00.050Z', nextAttemptAt: '2026-01-31T12:00:05.300Z' },
  attempts: [failure],
};
const { nextAttemptAt: _, ...pendingNoMore } = pending;
const delivered = {
  ...pendingNoMore,
  status: 'DELIVERED',
  attempts: [failure, { at: '2026-01-31T12:00:05.400Z', durationMs: 38, status: 200, answer: 'ok' }],
};
const test = {
  ...{ ...pending, event: 'WebhookEndpointTested', nextAttemptAt: pending.createdAt, attempts: [] },
};

const notFound = {
  when: 'There is no such endpoint, or it is that of another tenant',
  example: endpointNotFound(endpointId),
};
const refused = {
  when: 'The URL is no https URL, has credentials, or leads to an address that is not public',
  example: endpointRefused('hooks.example.com has a private address'),
};

export const apiDescription: ApiDescription = {
  title: 'Orderly webhooks',
  version: '1.0.0',
  description:
    'Posts order events to HTTPS endpoints of other teams, signed by the [Standard Webhooks](https://www.standardwebhooks.com) ' +
    'specification. A tenant, which is the `client_id` of the token or else its `sub`, sees only its own endpoints.',
  url: 'http://127.0.0.1:3004',
  tags: {
    endpoints: 'Where events are posted to',
    deliveries: 'Events on their way to an endpoint, with each attempt',
  },
  schemas: {
    NewEndpoint: { schema: NewEndpoint, description: 'An endpoint as its owner registers it.' },
    EndpointRevision: {
      schema: EndpointRevision,
      description: 'What changes at an endpoint; fields that are absent stay as they are.',
    },
    Endpoint: {
      schema: EndpointBody,
      description: 'An endpoint. A DISABLED one has `disabledReason` and `disabledAt`.',
    },
    RegisteredEndpoint: { schema: RegisteredEndpointBody, description: 'A new endpoint, with its secret.' },
    RotatedSecret: { schema: RotatedSecretBody, description: 'The new secret of an endpoint.' },
    EndpointsList: { schema: EndpointsList, description: 'All endpoints of a tenant: 20 at most.' },
    Delivery: { schema: DeliveryBody, description: 'An event on its way to an endpoint.' },
    DeliveriesPage: {
      schema: DeliveriesPage,
      description: "A page of an endpoint's deliveries, newest first.",
    },
    EndpointId: { schema: EndpointId, example: endpointId },
    DeliveryId: { schema: DeliveryId, example: `${endpointId}.${eventId}` },
    EventName: { schema: EventName },
  },
  routes: [
    {
      route: 'POST /endpoints',
      name: 'register-endpoint',
      tag: 'endpoints',
      summary: 'Registers an endpoint',
      description: 'It gets the events that are published from then on.',
      body: { schema: NewEndpoint, example: registration },
      repeats:
        'a repeat registers nothing and gets the endpoint as it is, with its present secret; a repeat with another body is refused with 422',
      answers: [
        {
          status: 201,
          description: 'The endpoint is registered. The answer has its secret, which no other answer has.',
          schema: RegisteredEndpointBody,
          example: { ...endpoint, secret },
          location: endpointLocation(endpointId),
        },
      ],
      problems: [
        refused,
        { when: 'The tenant has 20 endpoints', example: tooManyEndpoints() },
        { when: 'The key was used for another endpoint', example: endpointKeyReused() },
      ],
    },
    {
      route: 'GET /endpoints',
      name: 'list-endpoints',
      tag: 'endpoints',
      summary: "Lists a tenant's endpoints",
      answers: [
        {
          status: 200,
          description: "The tenant's endpoints",
          schema: EndpointsList,
          example: { items: [endpoint] },
        },
      ],
    },
    {
      route: 'GET /endpoints/{endpointId}',
      name: 'get-endpoint',
      tag: 'endpoints',
      summary: 'Shows an endpoint',
      path: EndpointPath,
      answers: [{ status: 200, description: 'The endpoint', schema: EndpointBody, example: endpoint }],
      problems: [notFound],
    },
    {
      route: 'PATCH /endpoints/{endpointId}',
      name: 'change-endpoint',
      tag: 'endpoints',
      summary: 'Changes, disables or enables an endpoint',
      description:
        'Events that are published while it is DISABLED do not reach it. What waited before is sent when it is ENABLED again.',
      path: EndpointPath,
      body: { schema: EndpointRevision, example: { status: 'DISABLED' } },
      answers: [
        {
          status: 200,
          description: 'The endpoint, changed or unchanged',
          schema: EndpointBody,
          example: disabledEndpoint,
        },
      ],
      problems: [notFound, refused],
    },
    {
      route: 'DELETE /endpoints/{endpointId}',
      name: 'delete-endpoint',
      tag: 'endpoints',
      summary: 'Deletes an endpoint',
      description: 'What waits for it is not sent.',
      path: EndpointPath,
      answers: [
        { status: 200, description: 'The endpoint as it was', schema: EndpointBody, example: endpoint },
      ],
      problems: [notFound],
    },
    {
      route: 'POST /endpoints/{endpointId}/secret',
      name: 'rotate-secret',
      tag: 'endpoints',
      summary: 'Replaces the secret of an endpoint',
      description:
        'For a day requests have a signature by each of both secrets, so that receivers change theirs in their time.',
      path: EndpointPath,
      answers: [
        {
          status: 200,
          description: 'The new secret, which no other answer has',
          schema: RotatedSecretBody,
          example: { endpointId, secret, previousExpiresAt: '2026-02-01T12:00:00.000Z' },
        },
      ],
      problems: [notFound],
    },
    {
      route: 'POST /endpoints/{endpointId}/test',
      name: 'test-endpoint',
      tag: 'deliveries',
      summary: 'Posts a test event to an endpoint',
      description: 'An event of the type `orderly.webhook-endpoint.tested.v1`, which no topic has.',
      path: EndpointPath,
      repeats: 'a repeat posts nothing and gets the same delivery as it is now',
      answers: [
        {
          status: 202,
          description: 'The delivery of the event. The list of deliveries shows its attempts.',
          schema: DeliveryBody,
          example: test,
        },
      ],
      problems: [notFound],
    },
    {
      route: 'GET /endpoints/{endpointId}/deliveries',
      name: 'list-deliveries',
      tag: 'deliveries',
      summary: 'Lists the deliveries to an endpoint, newest first',
      description: 'Those of the last 30 days, each with its attempts.',
      path: EndpointPath,
      query: DeliveriesQuery,
      answers: [
        {
          status: 200,
          description: 'One page of the list',
          schema: DeliveriesPage,
          example: { items: [delivered] },
        },
      ],
      problems: [notFound],
    },
    {
      route: 'POST /deliveries/{deliveryId}/retry',
      name: 'retry-delivery',
      tag: 'deliveries',
      summary: 'Begins the attempts at a delivery anew',
      description:
        'Also at one that was DELIVERED: its receiver gets the event again, under the same `webhook-id`.',
      path: DeliveryPath,
      answers: [
        {
          status: 202,
          description: 'The delivery, which is due now',
          schema: DeliveryBody,
          example: { ...pendingNoMore, nextAttemptAt: '2026-02-01T12:00:00.000Z' },
        },
      ],
      problems: [
        {
          when: 'There is no such delivery, or it is that of another tenant',
          example: deliveryNotFound(`${endpointId}.${eventId}`),
        },
      ],
    },
  ],
};
