import { EndpointId, eventName } from '@orderly/contracts';
import { notFound, type Problem } from '@orderly/functions/http/problem';
import * as v from 'valibot';
import type { Delivery, RecordedAttempt } from '../domain/delivery.ts';

export const DeliveryId = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'The id of a delivery is that of its endpoint, a dot and that of its event',
  ),
  v.description('The id of a delivery: that of its endpoint, a dot and that of its event.'),
);

/** The path of one delivery. */
export const DeliveryPath = v.object({ deliveryId: DeliveryId });

export const deliveryIdOf = ({ endpointId, eventId }: Pick<Delivery, 'endpointId' | 'eventId'>): string =>
  `${endpointId}.${eventId}`;

export function readDeliveryId(deliveryId: string): Pick<Delivery, 'endpointId' | 'eventId'> {
  const [endpointId, eventId = ''] = deliveryId.split('.');
  return { endpointId: v.parse(EndpointId, endpointId), eventId };
}

export function deliveryNotFound(deliveryId: string): Problem {
  return notFound('delivery-not-found', `There is no delivery ${deliveryId}, or it is older than 30 days`);
}

/** A delivery as the endpoint's owner sees it: always the same fields in the same order. */
export function showDelivery(delivery: Delivery) {
  const { endpointId, eventId, eventType, status, attempts, nextAttemptAt, createdAt } = delivery;
  return {
    deliveryId: deliveryIdOf(delivery),
    ...{ endpointId, eventId, event: eventName(eventType), status, createdAt, nextAttemptAt },
    attempts: attempts.map(showAttempt),
  };
}

function showAttempt(attempt: RecordedAttempt) {
  const { at, durationMs } = attempt;
  return attempt.outcome === 'answered'
    ? { at, durationMs, status: attempt.status, answer: attempt.answer }
    : { at, durationMs, reason: attempt.reason };
}
