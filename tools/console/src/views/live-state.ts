import type { Session } from '@orderly/cli/session';
import { readTopology } from '@orderly/cli/topology/topology';
import { services as serviceNames } from '@orderly/local/services';
import type { Pulse, QueueState, ServiceState } from '../api.ts';
import type { LocalPlatform, Platform } from '../platform.ts';
import { localQueues, remoteQueues } from './queues.ts';

const MINUTE_MS = 60_000;
const MEGABYTE = 1024 ** 2;

export const readQueues = async (
  { stage, local }: Platform,
  session: () => Session,
): Promise<readonly QueueState[]> => {
  const sqs = local?.aws?.sqs;
  if (local !== undefined && sqs !== undefined) return localQueues(stage, sqs.queues(), local);
  return remoteQueues(await readTopology(session()), new Set(serviceNames));
};

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

export const readPulse = async (
  platform: Platform,
  session: () => Session,
  now = Date.now(),
): Promise<Pulse> => {
  const { local } = platform;
  const queues = await readQueues(platform, session);
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
    faults: local?.faults.active() ?? [],
    rates: local?.recorder.figures.rates(now, waiting) ?? noRates,
  };
};
