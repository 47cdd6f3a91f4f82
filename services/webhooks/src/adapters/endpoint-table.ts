import { setImmediate } from 'node:timers/promises';
import type { EndpointId } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { requestContext } from '@orderly/functions/observability/request-context';
import { TransactionConflictError } from '@orderly/functions/retry';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { queryPage } from '@orderly/functions/table/page';
import { openTable } from '@orderly/functions/table/table';
import type { Change, Endpoint, Outcome } from '../domain/endpoint.ts';

/** An endpoint as it is stored. */
export interface EndpointItem extends Endpoint {
  readonly pk: typeof partition;
  readonly sk: EndpointId;
  /** Absent where the last change had no events. */
  readonly outbox?: Outbox;
}

/** All endpoints are together, because each event looks for those that want it. */
export const partition = 'ENDPOINTS';

const env = environment({ TABLE_NAME: text });
const table = openTable<EndpointItem>(env.TABLE_NAME);
const key = (endpointId: EndpointId) => ({ pk: partition, sk: endpointId }) as const;

/** How often a change is tried again because somebody else was faster. */
const attempts = 5;

/** @throws TransactionConflictError where a request with the same key was faster: a repeat finds what that one has written */
export async function insertEndpoint(change: Change): Promise<void> {
  const written = await table.put(toItem(change), absent);
  if (written.outcome === 'refused') {
    throw new TransactionConflictError(`Endpoint ${change.endpoint.endpointId} was registered meanwhile`);
  }
}

export async function findEndpoint(endpointId: EndpointId): Promise<Endpoint | undefined> {
  const item = await table.get(key(endpointId));
  return item && toEndpoint(item);
}

/** Every endpoint of every tenant, by age. */
export async function allEndpoints(): Promise<readonly Endpoint[]> {
  const found: Endpoint[] = [];
  let after: Readonly<Record<string, string>> | undefined;
  do {
    const page = await queryPage<EndpointItem>(env.TABLE_NAME, {
      partition: ['pk', partition],
      limit: 100,
      after,
    });
    found.push(...page.items.map(toEndpoint));
    after = page.next;
  } while (after !== undefined);
  return found;
}

let nextRead: Promise<readonly Endpoint[]> | undefined;

/**
 * As `allEndpoints`, with one read for all who ask in the same turn, as the groups of a batch do. It begins after they have
 * asked. One that is under way is not shared: an endpoint may have been registered since it began, and gets what is published
 * from then on.
 */
export function currentEndpoints(): Promise<readonly Endpoint[]> {
  // Who has a deadline reads alone: its end must not end the read of others.
  if (requestContext()?.deadline !== undefined) return allEndpoints();
  nextRead ??= setImmediate().then(() => {
    nextRead = undefined;
    return allEndpoints();
  });
  return nextRead;
}

/**
 * Changes an endpoint by one transition of the domain. The write is guarded by the version that was read; when somebody was
 * faster, the transition decides again on the endpoint as it is now.
 *
 * @returns `undefined` for an endpoint that does not exist
 * @throws TransactionConflictError when others were faster every time
 */
export async function changeEndpoint(
  endpointId: EndpointId,
  transition: (endpoint: Endpoint) => Outcome,
): Promise<Outcome | undefined> {
  let item = await table.get(key(endpointId));
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (item === undefined) return undefined;
    const outcome = transition(toEndpoint(item));
    if (outcome.outcome === 'unchanged') return outcome;
    const written = await table.put(toItem(outcome), atVersion(item.version));
    if (written.outcome === 'written') return outcome;
    item = written.current;
  }
  throw new TransactionConflictError(`Endpoint ${endpointId} kept changing`);
}

export const removeEndpoint = (endpointId: EndpointId): Promise<void> => table.remove(key(endpointId));

function toItem({ endpoint, events }: Change): EndpointItem {
  const { endpointId, version } = endpoint;
  return {
    ...endpoint,
    ...key(endpointId),
    ...(events.length > 0 && { outbox: outbox({ subject: endpointId, sequence: version }, events) }),
  };
}

function toEndpoint({ pk, sk, outbox, ...endpoint }: EndpointItem): Endpoint {
  return endpoint;
}
