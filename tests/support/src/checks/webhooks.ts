import type { WebhookEvidence } from '../evidence.ts';
import { quantile } from '../statistics.ts';
import { type ReceivedEvent, withoutDuplicates } from '../subscriber.ts';
import type { Arrival, ReceiverKind } from '../webhook-receivers.ts';
import { type Finding, found } from './finding.ts';

/** What webhooks did in a run. */
export interface WebhookFigures {
  /** Events on their way to an endpoint, one for each. */
  readonly deliveries: number;
  /** Requests, as the service has recorded them. */
  readonly attempts: number;
  /** Requests with an event that their receiver had accepted before. */
  readonly repeats: number;
  /** From an event's time to its first arrival at the endpoint that is well, in milliseconds. */
  readonly delays: readonly number[];
}

/**
 * The 95th percentile of the delay at the endpoint that is well. On a busy machine faults and kills make up to two minutes of
 * it: an event whose consumer failed comes again after 8 s, and a worker that was killed keeps its lease for 31 s. If endpoints
 * waited for one another, the slow one, with 2 to 8 s for each event, would hold them up for as long as the load lasts: that
 * breaks this in runs of some thousand orders.
 */
export const WELL_WITHIN_MS = 300_000;

/** Attempts at an endpoint at once. */
const AT_ONCE = 10;
/** A function that died after a 410 has not disabled the endpoint, and its wake-up comes again, up to five times. */
const TRIES = 5;

const living: readonly ReceiverKind[] = ['well', 'slow', 'flapping'];

/** @param events what the platform has published */
export function webhookFindings(
  events: readonly ReceivedEvent[],
  webhooks: readonly WebhookEvidence[],
): Finding[] {
  const published = orderEvents(events);
  const findings = webhooks.flatMap((webhook) => [
    ...(living.includes(webhook.kind) ? arrivalFindings(published, webhook) : []),
    ...(webhook.kind === 'gone' ? goneFindings(webhook) : statusFindings(webhook)),
    ...(webhook.kind === 'dead' ? deadFindings(published, webhook) : []),
    ...disabledFindings(events, webhook),
    ...recordFindings(webhook),
  ]);
  if (findings.length > 0) return findings;
  // Time does not heal a delay, so it is judged last: what is found before may only need more of it.
  return webhooks.flatMap((webhook) => (webhook.kind === 'well' ? delayFindings(published, webhook) : []));
}

export function webhookFigures(
  events: readonly ReceivedEvent[],
  webhooks: readonly WebhookEvidence[],
): WebhookFigures {
  const deliveries = webhooks.flatMap((webhook) => webhook.deliveries);
  const repeats = webhooks.map(({ arrivals }) => {
    const taken = arrivals.filter(isAccepted).map(({ eventId }) => eventId);
    return taken.length - new Set(taken).size;
  });
  const well = webhooks.find(({ kind }) => kind === 'well');
  return {
    deliveries: deliveries.length,
    attempts: sum(deliveries.map(({ attempts }) => attempts)),
    repeats: sum(repeats),
    delays: well === undefined ? [] : delaysOf(orderEvents(events), well),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const orderEvents = (events: readonly ReceivedEvent[]): readonly ReceivedEvent[] =>
  withoutDuplicates(events).filter(({ type }) => type.startsWith('orderly.order.'));

const isAccepted = ({ answer }: Arrival): boolean => answer === 200;

/** Every published event was accepted by the receiver, and all that came was signed. */
function arrivalFindings(
  published: readonly ReceivedEvent[],
  { kind, arrivals }: WebhookEvidence,
): Finding[] {
  const accepted = new Set(arrivals.filter(isAccepted).map(({ eventId }) => eventId));
  return [
    ...published
      .filter(({ id }) => !accepted.has(id))
      .map(({ id, type }) => found('lost', `Webhooks: the ${kind} endpoint has not got ${type} ${id}`)),
    ...arrivals
      .filter(({ isSigned }) => !isSigned)
      .map(({ eventId }) => found('doubled', `Webhooks: ${eventId} came to the ${kind} endpoint unsigned`)),
  ];
}

function delaysOf(published: readonly ReceivedEvent[], { arrivals }: WebhookEvidence): readonly number[] {
  const first = new Map<string, number>();
  for (const { eventId, at } of arrivals) if (!first.has(eventId)) first.set(eventId, at);
  return published.flatMap(({ id, time }) => {
    const at = first.get(id);
    return at === undefined ? [] : [at - Date.parse(time)];
  });
}

function delayFindings(published: readonly ReceivedEvent[], webhook: WebhookEvidence): Finding[] {
  const p95 = quantile(delaysOf(published, webhook), 0.95);
  // An empty sample has none, and then everything is lost.
  if (!(p95 > WELL_WITHIN_MS)) return [];
  return [found('late', `Webhooks: 5% of the events came to the well endpoint after ${Math.round(p95)} ms`)];
}

/** After its first 410 an endpoint is disabled, and gets nothing but what is under way. */
function goneFindings({ arrivals, endpoint }: WebhookEvidence): Finding[] {
  const first = arrivals.findIndex(({ answer }) => answer === 410);
  if (first < 0) return [found('lost', 'Webhooks: no request was answered with 410')];
  if (endpoint?.status !== 'DISABLED' || endpoint.disabledReason !== 'GONE')
    return [
      found('inconsistent', `Webhooks: the gone endpoint is ${endpoint?.status} ${endpoint?.disabledReason}`),
    ];
  const disabledAt = Date.parse(endpoint.disabledAt ?? '');
  const later = arrivals.slice(first + 1);
  const afterDisabled = later.filter(({ at }) => at > disabledAt).length;
  return [
    ...(afterDisabled > AT_ONCE
      ? [
          found(
            'doubled',
            `Webhooks: ${afterDisabled} requests came to the gone endpoint once it was DISABLED`,
          ),
        ]
      : []),
    ...(later.length > AT_ONCE * TRIES
      ? [found('doubled', `Webhooks: ${later.length} requests came to the gone endpoint after its first 410`)]
      : []),
  ];
}

function statusFindings({ kind, endpoint }: WebhookEvidence): Finding[] {
  if (endpoint?.status === 'ENABLED') return [];
  return [found('inconsistent', `Webhooks: the ${kind} endpoint is ${endpoint?.status}`)];
}

/** What cannot be handed over is kept: as PENDING, or as FAILED. */
function deadFindings(published: readonly ReceivedEvent[], { deliveries }: WebhookEvidence): Finding[] {
  const kept = new Set(deliveries.map(({ eventId }) => eventId));
  return published
    .filter(({ id }) => !kept.has(id))
    .map(({ id, type }) => found('lost', `Webhooks: no delivery of ${type} ${id} to the dead endpoint`));
}

/** The platform says once that it has disabled an endpoint, and only where it has. */
function disabledFindings(
  events: readonly ReceivedEvent[],
  { kind, endpointId }: WebhookEvidence,
): Finding[] {
  const said = withoutDuplicates(events).filter(
    ({ type, subject }) => type.startsWith('orderly.webhook-endpoint.disabled.') && subject === endpointId,
  );
  const expected = kind === 'gone' ? 1 : 0;
  if (said.length === expected) return [];
  const harm = said.length < expected ? 'lost' : 'doubled';
  return [
    found(harm, `Webhooks: ${said.length} events say that the ${kind} endpoint is disabled, not ${expected}`),
  ];
}

/** A delivery is DELIVERED only where its receiver accepted it. */
function recordFindings({ kind, arrivals, deliveries }: WebhookEvidence): Finding[] {
  const accepted = new Set(arrivals.filter(isAccepted).map(({ eventId }) => eventId));
  return deliveries
    .filter(({ status, eventId }) => status === 'DELIVERED' && !accepted.has(eventId))
    .map(({ eventId }) =>
      found('lost', `Webhooks: ${eventId} is DELIVERED, and the ${kind} endpoint has not accepted it`),
    );
}
