import type { Dice } from './dice.ts';

/** What can happen to one attempt of the SDK at a call. */
export const CALL_FAULTS = [
  'throttled',
  'fails',
  'refused',
  'answer lost',
  'no answer',
  'killed before',
  'killed after',
] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

/** How often things go wrong: probabilities from 0 to 1, and times in milliseconds. */
export interface Faults {
  /** For each attempt of the SDK at a call. */
  readonly calls: Readonly<Record<CallFault, number>>;
  /** How long a call takes on average, each way. */
  readonly latencyMs: number;
  /** A call that takes seconds. */
  readonly slow: number;
  /** A container's clock is wrong by up to that much. */
  readonly clockSkewMs: number;
  /** A warm container is not found again. */
  readonly coldStart: number;
  /** An entry of SendMessageBatch is refused for now. */
  readonly entryRefused: number;
  /** A part of the keys of BatchGetItem comes back unprocessed. */
  readonly keysUnprocessed: number;
  /** Handled messages are not deleted, and come again. */
  readonly deleteLost: number;
  /**
   * An event source invokes its function with a batch twice, at the same time.
   * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html ("at least once")
   */
  readonly invokedTwice: number;
  /** A read of a stream fails. */
  readonly streamFails: number;
  readonly transactionConflict: number;
  readonly staleRead: number;
  readonly indexLag: number;
  /** Calls of DynamoDB per second and table, above which it throttles. */
  readonly capacity: number;
  /** SES does not take a mail for now. */
  readonly mailThrottled: number;
  /** SES takes a mail, and its answer is lost. */
  readonly mailAnswerLost: number;
  /** A message of a standard queue comes twice. */
  readonly deliveredTwice: number;
}

export const NO_FAULTS: Faults = {
  calls: {
    throttled: 0,
    fails: 0,
    refused: 0,
    'answer lost': 0,
    'no answer': 0,
    'killed before': 0,
    'killed after': 0,
  },
  ...{
    latencyMs: 4,
    slow: 0,
    clockSkewMs: 0,
    coldStart: 0,
    entryRefused: 0,
    keysUnprocessed: 0,
    deleteLost: 0,
  },
  ...{
    invokedTwice: 0,
    streamFails: 0,
    transactionConflict: 0,
    staleRead: 0,
    indexLag: 0,
    capacity: Number.POSITIVE_INFINITY,
  },
  ...{ mailThrottled: 0, mailAnswerLost: 0, deliveredTwice: 0 },
};

/** A few things in a hundred go wrong. */
export const USUAL_FAULTS: Faults = {
  calls: {
    ...{ throttled: 0.01, fails: 0.005, refused: 0.005, 'answer lost': 0.005, 'no answer': 0.003 },
    ...{ 'killed before': 0.001, 'killed after': 0.001 },
  },
  ...{
    latencyMs: 4,
    slow: 0.005,
    clockSkewMs: 50,
    coldStart: 0.01,
    entryRefused: 0.005,
    keysUnprocessed: 0.02,
  },
  ...{ deleteLost: 0.01, invokedTwice: 0.005, streamFails: 0.005, transactionConflict: 0.02 },
  ...{ staleRead: 0.05, indexLag: 0.05 },
  ...{ capacity: 2_000, mailThrottled: 0.03, mailAnswerLost: 0.01, deliveredTwice: 0.02 },
};

/** Every rate several times as high as usual. */
export const HEAVY_FAULTS: Faults = {
  calls: {
    ...{ throttled: 0.05, fails: 0.02, refused: 0.02, 'answer lost': 0.03, 'no answer': 0.01 },
    ...{ 'killed before': 0.004, 'killed after': 0.006 },
  },
  ...{
    latencyMs: 8,
    slow: 0.02,
    clockSkewMs: 500,
    coldStart: 0.05,
    entryRefused: 0.05,
    keysUnprocessed: 0.1,
  },
  ...{ deleteLost: 0.05, invokedTwice: 0.02, streamFails: 0.02, transactionConflict: 0.1 },
  ...{ staleRead: 0.2, indexLag: 0.2 },
  ...{ capacity: 500, mailThrottled: 0.1, mailAnswerLost: 0.03, deliveredTwice: 0.1 },
};

/**
 * Other rates for every seed: one kind of fault of the calls comes often, and everything else is rare, usual or frequent.
 * What always goes wrong at the same rate finds the same.
 * Source: Groce et al., Swarm Testing, https://doi.org/10.1145/2338965.2336763
 */
function swarmFaults(dice: Dice): Faults {
  const often = dice.pick(CALL_FAULTS);
  const rate = (name: CallFault): number => {
    const usual = USUAL_FAULTS.calls[name];
    if (name !== often) return dice.pick([0, usual, usual]);
    return name.startsWith('killed') ? 0.01 : 0.2;
  };
  const calls = Object.fromEntries(CALL_FAULTS.map((name) => [name, rate(name)])) as Faults['calls'];
  return {
    calls,
    ...{ latencyMs: dice.pick([2, 4, 20]), slow: dice.pick([0, 0.005, 0.03]) },
    ...{ clockSkewMs: dice.pick([0, 50, 500, 10_000]), coldStart: dice.pick([0, 0.01, 0.1]) },
    ...{ entryRefused: dice.pick([0, 0.005, 0.1]), keysUnprocessed: dice.pick([0, 0.02, 0.2]) },
    ...{ deleteLost: dice.pick([0, 0.01, 0.1]), streamFails: dice.pick([0, 0.005, 0.05]) },
    invokedTwice: dice.pick([0, 0.005, 0.05]),
    ...{ transactionConflict: dice.pick([0, 0.02, 0.2]), staleRead: dice.pick([0, 0.05, 0.3]) },
    ...{ indexLag: dice.pick([0, 0.05, 0.3]), capacity: dice.pick([100, 500, 2_000]) },
    ...{ mailThrottled: dice.pick([0, 0.03, 0.2]), mailAnswerLost: dice.pick([0, 0.01, 0.1]) },
    deliveredTwice: dice.pick([0, 0.02, 0.2]),
  };
}

/** What each of the other faults is called in figures and in the history. */
export const FAULT_NAMES = {
  ...{ slow: 'slow call', clockSkewMs: 'wrong clock', coldStart: 'cold start' },
  ...{ entryRefused: 'entry refused', keysUnprocessed: 'keys unprocessed' },
  ...{ deleteLost: 'message delivered again', streamFails: 'stream not read' },
  ...{ transactionConflict: 'transaction conflict', staleRead: 'stale read', indexLag: 'index lag' },
  ...{ capacity: 'throttled by load', mailThrottled: 'mail throttled', mailAnswerLost: 'mail answer lost' },
  ...{ deliveredTwice: 'message received twice', invokedTwice: 'batch invoked twice' },
} as const satisfies Readonly<Record<Exclude<keyof Faults, 'calls' | 'latencyMs'>, string>>;

/** Every kind of fault that can be left out of a run. */
export const FAULT_KINDS: readonly string[] = [...CALL_FAULTS, ...Object.values(FAULT_NAMES)];

/** The same rates, and nothing of these kinds happens. */
export function faultsWithout(faults: Faults, kinds: readonly string[]): Faults {
  const calls = Object.entries(faults.calls).map(([kind, rate]) => [kind, kinds.includes(kind) ? 0 : rate]);
  const others = Object.entries(FAULT_NAMES)
    .filter(([, name]) => kinds.includes(name))
    .map(([key]) => [key, NO_FAULTS[key as keyof Faults]]);
  return { ...faults, ...Object.fromEntries(others), calls: Object.fromEntries(calls) };
}

export const FAULT_LEVELS = ['none', 'usual', 'swarm', 'heavy'] as const;
export type FaultLevel = (typeof FAULT_LEVELS)[number];

export function faultsOf(level: FaultLevel, dice: Dice): Faults {
  const levels = { none: () => NO_FAULTS, usual: () => USUAL_FAULTS, heavy: () => HEAVY_FAULTS };
  return level === 'swarm' ? swarmFaults(dice) : levels[level]();
}
