import { readSpanLine } from '@orderly/local/span-line';
import { assumptions, SECONDS_A_DAY } from './assumptions.ts';
import { functionOf, type Life, runsOf } from './life.ts';
import { isFifo, isLookUp, type PaidCall, type Run } from './run.ts';
import type { Stage } from './stage.ts';
import { type Usage, usage } from './usage.ts';

/** How many orders come, and what the stage is set to. */
export interface Load extends Pick<Stage, 'systemLogs' | 'traced' | 'spans' | 'slowerWithLessMemory'> {
  readonly ordersPerDay: number;
}

/**
 * How many of the things that come at random, `perSecond`, a reader finds who looks every `everySeconds` and goes on
 * when there is nothing: the mean of a Poisson distribution without its zero.
 */
export function batchSize(perSecond: number, everySeconds: number, most: number): number {
  const expected = perSecond * everySeconds;
  if (expected < 1e-9) return 1;
  return Math.min(most, expected / -Math.expm1(-expected));
}

/** The share of invocations that begin a container: no other has come for so long. */
export function coldShare(invocationsPerSecond: number): number {
  return Math.exp(-invocationsPerSecond * assumptions.containerSeconds);
}

/** The share of a publisher's invocations that look its subscriptions up. */
export function lookUpShare(invocationsPerSecond: number): number {
  return 1 / (1 + invocationsPerSecond * assumptions.lookUpSeconds);
}

/** The share of a function's invocations that X-Ray records. */
export function tracedShare(invocationsPerSecond: number): number {
  const { tracesPerSecond, tracedRest } = assumptions;
  const rest = Math.max(0, invocationsPerSecond - tracesPerSecond);
  return (invocationsPerSecond - rest + rest * tracedRest) / invocationsPerSecond;
}

/** Receives of one queue that bring nothing, each second: so many pollers, and messages that come at random. */
export function emptyReceivesPerSecond(batchesPerSecond: number, pollers: number): number {
  const { longPollSeconds } = assumptions;
  if (batchesPerSecond === 0) return pollers / longPollSeconds;
  return batchesPerSecond / Math.expm1((batchesPerSecond * longPollSeconds) / pollers);
}

/** How often a function runs when so many orders live the life that was counted, and on how much at once. */
export function paceOf(life: Life, name: string, ordersPerDay: number) {
  const runs = runsOf(life, name);
  // What is not in this life, a cancellation, is taken to come as often as an order.
  const perSecond = (Math.max(1, runs.length) * ordersPerDay) / SECONDS_A_DAY;
  const { shardPollSeconds, shards, streamBatch, queueBatch } = assumptions;
  // A wake-up is sent for each endpoint alone.
  const most = {
    stream: streamBatch,
    queue: queueBatch,
    'standard-queue': 1,
    http: 1,
    rest: 1,
    event: 1,
    call: 1,
  }[runs[0]?.source ?? 'http'];
  // A queue's messages come as a publisher sends them: what it has found by one look at a shard.
  const batch = batchSize(perSecond / shards, shardPollSeconds, most);
  return { batch, perSecond: perSecond / batch };
}

/** What one run is charged with: its share, where it works on a batch. */
export function chargedFor(run: Run, life: Life, load: Load): Usage {
  const { source, memoryMb, calls, logged, architecture } = run;
  const { batch, perSecond } = paceOf(life, functionOf(run), load.ordersPerDay);
  const share = 1 / batch;
  const lookUps = lookUpsOf(run, life, load.ordersPerDay);
  const gbSeconds = (billedMs(run, life, load) / 1000) * (memoryMb / 1024);
  return usage({
    httpRequests: source === 'http' ? 1 : 0,
    restRequests: source === 'rest' ? 1 : 0,
    lambdaRequests: share,
    [architecture === 'x86_64' ? 'lambdaX86GbSeconds' : 'lambdaGbSeconds']: gbSeconds,
    readUnits: calls.reduce((sum, { readUnits }) => sum + readUnits, 0),
    writeUnits: calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
    // Lambda receives a batch and deletes it.
    fifoRequests:
      requestsOf(
        calls.filter(({ queue }) => isFifo(queue)),
        'SQS',
      ) *
        share +
      (source === 'queue' ? 2 * share : 0),
    // A wake-up is sent for each event, whatever the batch.
    standardRequests:
      lookUps +
      requestsOf(
        calls.filter(({ queue }) => !isFifo(queue)),
        'SQS',
      ) +
      (source === 'standard-queue' ? 2 * share : 0),
    busEvents: requestsOf(calls, 'EventBridge'),
    topicMessages: requestsOf(calls, 'SNS'),
    logBytes:
      logBytesOf(load.spans ? logged : withoutSpans(logged)) +
      (load.systemLogs ? logBytesOf(assumptions.systemLogLines) * share : 0),
    traces: load.traced && !run.joinsTrace ? tracedShare(perSecond) * share : 0,
  });
}

/** Milliseconds of one run: its share, where it works on a batch. */
function billedMs(run: Run, life: Life, load: Load): number {
  const { calls, awaits = [], waitsMs = 0, memoryMb } = run;
  const { ownMs, initMs, requestMs, durationsAtMb } = assumptions;
  const { batch, perSecond } = paceOf(life, functionOf(run), load.ordersPerDay);
  const slowness = load.slowerWithLessMemory ? durationsAtMb / memoryMb : 1;
  const share = 1 / batch;
  const messages = (['SQS', 'EventBridge', 'SNS'] as const).reduce(
    (sum, api) => sum + requestsOf(calls, api) * requestMs[api],
    0,
  );
  return (
    ((ownMs + initMs * coldShare(perSecond)) * slowness + messages) * share +
    lookUpsOf(run, life, load.ordersPerDay) * requestMs.SQS +
    calls.filter(({ api }) => api === 'DynamoDB').length * requestMs.DynamoDB +
    waitsMs +
    Math.max(0, ...awaits.map((each) => billedMs(each, life, load)))
  );
}

/** Requests by which a publisher looks its subscriptions up: a run's share. */
function lookUpsOf(run: Run, life: Life, ordersPerDay: number): number {
  if (run.source !== 'stream') return 0;
  const { batch, perSecond } = paceOf(life, functionOf(run), ordersPerDay);
  return ((life.lookUpRequests[run.service] ?? 0) * lookUpShare(perSecond)) / batch;
}

const requestsOf = (calls: readonly PaidCall[], of: PaidCall['api']): number =>
  calls.filter((call) => call.api === of && !isLookUp(call)).reduce((sum, { requests }) => sum + requests, 0);

/** The local platform has its functions log spans always. */
export const withoutSpans = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => readSpanLine(line) === undefined);

export const logBytesOf = (lines: readonly string[]): number =>
  lines.reduce((bytes, line) => bytes + Buffer.byteLength(line) + assumptions.logEventOverheadBytes, 0);
