import { createRandom, type Random } from '@orderly/support/random';

/** What happens to the platform as a whole. */
export const incidentKinds = [
  'killed after a send, before its outbox was emptied',
  'killed at any moment',
  'broker down',
  'connections of a database cut',
  'poison',
] as const;

export interface PlannedIncident {
  readonly kind: (typeof incidentKinds)[number];
  /** Whose process is killed, or whose database loses its connections; '' where it concerns all. */
  readonly service: string;
  /** Of an outage, its length; of a kill, how long after an event; in milliseconds. */
  readonly ms: number;
  /** The number of the order, from 0, before which it happens. */
  readonly at: number;
}

/** Everything happens once in so many orders, to one service after the other. */
const ROUND = 60;
const OUTAGE_MS = [800, 2_500] as const;
const AFTER_EVENT_MS = 150;
/** Without webhooks, which publishes nothing while nobody has registered an endpoint. */
const publishers = ['orders', 'inventory', 'notifications'] as const;

/**
 * What happens when, in this order: in each round every service is killed, the broker is down twice, and two databases lose
 * their connections; poison comes in the first one. Pure: a seed gives the same plan everywhere.
 *
 * @param orders how many there will be
 */
export function planIncidents(seed: number, orders: number): readonly PlannedIncident[] {
  const random = createRandom(seed);
  const rounds = Math.max(1, Math.round(orders / ROUND));
  const planned = Array.from({ length: rounds }, (_, round) => incidentsOf(round, random)).flat();
  return planned.map((incident, place) => ({
    ...incident,
    at: Math.floor(((place + 0.5) * orders) / planned.length),
  }));
}

type Incident = Omit<PlannedIncident, 'at'>;

function incidentsOf(round: number, random: Random): readonly Incident[] {
  const afterEvent = () => random.int(0, AFTER_EVENT_MS);
  const kills = publishers.map((service, place): Incident => {
    const isAfterSend = (round + place) % 2 === 0;
    return isAfterSend
      ? { kind: 'killed after a send, before its outbox was emptied', service, ms: 0 }
      : { kind: 'killed at any moment', service, ms: afterEvent() };
  });
  const outage = (): Incident => ({ kind: 'broker down', service: '', ms: random.int(...OUTAGE_MS) });
  const [cut = 'orders', ...others] = shuffled(publishers, random);
  const cuts = [cut, random.pick(others)].map(
    (service): Incident => ({ kind: 'connections of a database cut', service, ms: 0 }),
  );
  const all: readonly Incident[] = [
    ...kills,
    { kind: 'killed at any moment', service: 'webhooks', ms: afterEvent() },
    ...[outage(), outage()],
    ...cuts,
    ...(round === 0 ? [{ kind: 'poison', service: '', ms: 0 } as const] : []),
  ];
  return shuffled(all, random);
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const left = [...list];
  return list.map(() => {
    const [next] = left.splice(random.int(0, left.length - 1), 1);
    return next as T;
  });
}
