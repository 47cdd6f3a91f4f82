import type { ActiveFault, Fault, QueueKind, QueueState } from '../../src/api.ts';
import { duration } from './format.ts';

/** Messages that need a person: dead letters, parked events, positions of a stream that failed. */
const NEEDS_A_PERSON: ReadonlySet<QueueKind> = new Set(['dead-letters', 'parked', 'stream-failures']);

export const needsPerson = (queue: QueueState): boolean => NEEDS_A_PERSON.has(queue.kind);

export const held = (queue: QueueState): number => queue.waiting + queue.inFlight + queue.delayed;

export const deadLetterCount = (queues: readonly QueueState[]): number =>
  queues.filter(needsPerson).reduce((sum, queue) => sum + held(queue), 0);

/** Whether it holds wake-ups that their service could not handle: dead letters of no topic. */
export const holdsFailedWakeUps = ({ kind, topic }: QueueState): boolean =>
  kind === 'dead-letters' && topic === undefined;

export const kindName = (queue: QueueState): string =>
  holdsFailedWakeUps(queue) ? 'failed wake-ups' : KIND_NAMES[queue.kind];

const KIND_NAMES: Readonly<Record<QueueKind, string>> = {
  subscription: 'subscription',
  'dead-letters': 'dead letters',
  parked: 'parked by the publisher',
  'stream-failures': 'stream failures',
  'wake-ups': 'wake-ups',
  other: 'other',
};

/** The queue of a subscription's dead letters. */
export const deadLettersOf = (
  queue: QueueState,
  byName: ReadonlyMap<string, QueueState>,
): QueueState | undefined => (queue.deadLetterQueue ? byName.get(queue.deadLetterQueue) : undefined);

export const byName = (queues: readonly QueueState[]): ReadonlyMap<string, QueueState> =>
  new Map(queues.map((queue) => [queue.name, queue]));

/** What a fault does, in a clause. */
export const faultText = (fault: Fault): string => {
  switch (fault.kind) {
    case 'fail-function':
      return `${fault.name} fails`;
    case 'delay-function':
      return `${fault.name} starts ${duration(fault.delayMs)} late`;
    case 'fail-queue':
      return `calls to ${fault.name} fail`;
    case 'delay-queue':
      return `messages of ${fault.name} come ${duration(fault.delayMs)} late`;
    case 'duplicate-queue':
      return `messages of ${fault.name} come twice`;
  }
};

export const remaining = (fault: ActiveFault, now: number): number => Math.max(0, fault.until - now);
