import { services as serviceNames } from '@orderly/local/services';
import type { Pulse, QueueState, ServiceState } from '../api.ts';
import type { LocalPlatform, Platform } from '../platform.ts';

const MINUTE_MS = 60_000;
const MEGABYTE = 1024 ** 2;

const serviceStates = ({ services, recorder }: LocalPlatform, now: number): readonly ServiceState[] =>
  services().map(({ name, url, state, functions }) => ({
    name,
    ...(url !== undefined && { url }),
    state,
    functions: functions.length,
    ...recorder.invocations.countSince(
      functions.map((each) => each.name),
      now - MINUTE_MS,
    ),
  }));

const noRates = { placedPerSecond: [], waiting: [], ordersLastMinute: 0, eventsLastMinute: 0 };

export const readPulse = ({ local }: Platform, queues: readonly QueueState[], now = Date.now()): Pulse => {
  const waiting = queues
    .filter(({ kind }) => kind === 'subscription')
    .reduce((sum, { waiting, inFlight, delayed }) => sum + waiting + inFlight + delayed, 0);
  return {
    at: now,
    memoryMb: Math.round(process.memoryUsage().rss / MEGABYTE),
    queues,
    services:
      local === undefined
        ? serviceNames.map((name) => ({ name, state: 'running', functions: 0, invocations: 0, errors: 0 }))
        : serviceStates(local, now),
    faults: local?.faults?.active() ?? [],
    rates: local?.recorder.figures.rates(now, waiting) ?? noRates,
  };
};
