import {
  type DisabledReason,
  type EndpointId,
  eventName,
  type NewEvent,
  WebhookEndpointDisabled,
} from '@orderly/contracts';
import { type SealedSecret, signingAt } from './secret.ts';

/** ENABLED <-> DISABLED. Only the transitions below change it. */
export type EndpointStatus = 'ENABLED' | 'DISABLED';

/** Why an endpoint is disabled: its owner wanted it, or the platform did it for a reason. */
export type WhyDisabled = 'OWNER' | DisabledReason;

/** Where a team wants events by HTTP. */
export interface Endpoint {
  readonly endpointId: EndpointId;
  readonly tenant: string;
  readonly url: string;
  /** The names of the events that it gets, e.g. `OrderConfirmed`. */
  readonly events: readonly string[];
  readonly description?: string;
  readonly status: EndpointStatus;
  readonly disabledReason?: WhyDisabled;
  readonly disabledAt?: string;
  /** The present secret, then those that sign beside it until they expire. */
  readonly secrets: readonly [SealedSecret, ...SealedSecret[]];
  /** Counts the changes; 1 when registered. */
  readonly version: number;
  readonly registeredAt: string;
  /** When it was registered, or last enabled. */
  readonly enabledAt: string;
}

/** What an owner decides. */
export interface Registration {
  readonly url: string;
  readonly events: readonly string[];
  readonly description?: string | undefined;
}

/** The endpoint after a change, and the events to publish. */
export interface Change {
  readonly outcome: 'changed';
  readonly endpoint: Endpoint;
  readonly events: readonly NewEvent[];
}

/** `unchanged` is a repeat. */
export type Outcome = Change | { readonly outcome: 'unchanged'; readonly endpoint: Endpoint };

/** How long the secret before the present one signs, too: a day, in milliseconds. */
export const secretOverlapMs = 24 * 60 * 60 * 1000;

export function register(
  endpointId: EndpointId,
  tenant: string,
  { url, events, description }: Registration,
  secret: SealedSecret,
  at: Date,
): Change {
  const registeredAt = at.toISOString();
  return changed({
    ...{ endpointId, tenant, url, events: distinct(events) },
    ...(description !== undefined && { description }),
    ...{ status: 'ENABLED', secrets: [secret], version: 1, registeredAt, enabledAt: registeredAt },
  });
}

/** Whether a request asks for an endpoint as it is registered: it is a repeat. */
export const isSameRegistration = (endpoint: Endpoint, { url, events, description }: Registration): boolean =>
  endpoint.url === url && endpoint.description === description && endpoint.events.join() === events.join();

/** Whether an endpoint gets events of a type. A disabled one gets none, not even later. */
export const wants = ({ status, events }: Endpoint, type: string): boolean =>
  status === 'ENABLED' && events.includes(eventName(type));

/** What PATCH may change; a field that is absent stays as it is. */
export interface Revision extends Partial<Registration> {
  readonly status?: EndpointStatus | undefined;
}

export function revise(endpoint: Endpoint, revision: Revision, at: Date): Outcome {
  const { url = endpoint.url, description = endpoint.description, status = endpoint.status } = revision;
  const events = distinct(revision.events ?? endpoint.events);
  const sameStatus = status === endpoint.status;
  const same = url === endpoint.url && description === endpoint.description;
  if (same && sameStatus && events.join() === endpoint.events.join()) {
    return { outcome: 'unchanged', endpoint };
  }
  const revised = { ...endpoint, url, events, ...(description !== undefined && { description }) };
  if (sameStatus) return changed(next(revised));
  return changed(status === 'ENABLED' ? enabled(next(revised), at) : disabled(next(revised), 'OWNER', at));
}

/** A header with more signatures than these is refused by some receivers. */
const maxSecrets = 5;

/**
 * Replaces the secret. Those before it sign beside it until they expire, the last one for a day: receivers change it in their
 * time, and a repeat of the request takes away nothing.
 */
export function rotateSecret(endpoint: Endpoint, secret: SealedSecret, at: Date): Change {
  const expiresAt = new Date(at.getTime() + secretOverlapMs).toISOString();
  const before = signingAt(endpoint.secrets, at).map((one) => ({ expiresAt, ...one }));
  return changed({ ...next(endpoint), secrets: [secret, ...before.slice(0, maxSecrets - 1)] });
}

/** Ends the deliveries to an endpoint that does not take them, and tells its owner by an event. */
export function disable(endpoint: Endpoint, reason: DisabledReason, failingSince: string, at: Date): Outcome {
  if (endpoint.status === 'DISABLED') return { outcome: 'unchanged', endpoint };
  const { endpointId, tenant, url } = endpoint;
  const disabledAt = at.toISOString();
  const data = { endpointId, tenant, host: new URL(url).host, reason, failingSince, disabledAt };
  return changed(disabled(next(endpoint), reason, at), [WebhookEndpointDisabled.of(data)]);
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

const changed = (endpoint: Endpoint, events: readonly NewEvent[] = []): Change => ({
  outcome: 'changed',
  endpoint,
  events,
});

const next = (endpoint: Endpoint): Endpoint => ({ ...endpoint, version: endpoint.version + 1 });

function enabled({ disabledReason, disabledAt, ...endpoint }: Endpoint, at: Date): Endpoint {
  return { ...endpoint, status: 'ENABLED', enabledAt: at.toISOString() };
}

const disabled = (endpoint: Endpoint, disabledReason: WhyDisabled, at: Date): Endpoint => ({
  ...endpoint,
  ...{ status: 'DISABLED', disabledReason, disabledAt: at.toISOString() },
});
