import type { Percentiles } from '@orderly/support/statistics';

/** What the whole platform on one machine comes to. Times are in milliseconds, memory in MiB. */
export interface PlatformFigures {
  readonly ready: ReadyFigures;
  readonly idle: IdleFigures;
  /** By rising number of clients. */
  readonly load: readonly LoadPoint[];
  /** For each point of `load`, the emulators without our code. */
  readonly floor: readonly FloorPoint[];
  /** Each differs in one thing from the first, which is the usual order. */
  readonly growth: readonly GrowthPoint[];
  /** Of the process tree; absent where the system has no /proc. */
  readonly memory?: MemoryFigures;
  /** Absent in figures of before there was a console. */
  readonly console?: ConsoleFigures;
}

/** What the console costs, at 32 clients. */
export interface ConsoleFigures {
  /** Completed orders a second while no page was open, and while one was, in turn. */
  readonly closedPerSecond: readonly number[];
  readonly openPerSecond: readonly number[];
  /** Of the medians: open to closed. */
  readonly openShare: number;
  /** What it adds to the memory of the process that serves it, before anybody has looked. */
  readonly idleMiB: number;
}

/** From starting the platform's process to its saying that it is ready. */
export interface ReadyFigures {
  readonly samplesMs: readonly number[];
  readonly medianMs: number;
}

/** Resident memory of every process of the platform, emulators included. */
export interface MemoryFigures {
  /** After the first orders, one at a time. */
  readonly idleMiB: number;
  /** After a rest, when serverless-offline has ended the workers that had nothing to do; absent without a rest. */
  readonly restingMiB?: number;
  readonly afterLoadMiB: number;
}

/** How long an order takes; each is counted from sending its request. */
export interface Latencies {
  /** To the answer that accepts it. */
  readonly acceptedMs: Percentiles;
  /** To the arrival of its OrderConfirmed at a subscriber. */
  readonly confirmedMs: Percentiles;
  /** To the arrival of its NotificationSent at a subscriber. */
  readonly notifiedMs: Percentiles;
}

/**
 * The legs of an order's way, in their order; together they last as long as the order takes to be notified.
 * `write ...` ends when the event is made, just before it is written; `publish ...` when a subscriber has it, so it
 * is the write, the stream's delay, and the queue.
 */
export const legNames = [
  'write OrderPlaced',
  'publish OrderPlaced',
  'write StockReserved',
  'publish StockReserved',
  'write OrderConfirmed',
  'publish OrderConfirmed',
  'write NotificationSent',
  'publish NotificationSent',
] as const;

export type LegName = (typeof legNames)[number];

/** One order at a time, each placed when the one before is notified. */
export interface IdleFigures extends Latencies {
  readonly orders: number;
  readonly legs: Readonly<Record<LegName, Percentiles>>;
}

/** What an order costs one process of the tree. */
export interface ProcessShare {
  /** `npm start, embedded AWS`, `embedded AWS`, `DynamoDB Local`, a service's name; `driver` is who makes the floor's calls. */
  readonly process: string;
  readonly cpuMsPerOrder: number;
}

/** Absent where the system has no /proc. */
export interface CpuFigures {
  /** Of the whole process tree, user and system, the drain counted. */
  readonly cpuMsPerOrder: number;
  /** How that is spread; the greatest share first. */
  readonly processes: readonly ProcessShare[];
}

/** Clients in a closed loop: each sends its next order when it has the answer to the last. */
export interface LoadPoint extends Latencies, Partial<CpuFigures> {
  readonly clients: number;
  /** Orders accepted, all of which were confirmed and notified. */
  readonly orders: number;
  readonly acceptedPerSecond: number;
  /** Orders by the time from the first request to the last confirmation, so the drain counts. */
  readonly completedPerSecond: number;
  /** Requests that had to be sent again, with the same Idempotency-Key. */
  readonly retries: number;
}

/** The same database and queue calls for the same kind of order, made by one plain process. */
export interface FloorPoint extends Partial<CpuFigures> {
  readonly clients: number;
  readonly orders: number;
  readonly completedPerSecond: number;
  /** The platform's completed orders per second by these. */
  readonly platformShare: number;
}

/** How a load point changes with one thing. */
export interface GrowthPoint {
  /** Lines of each order. */
  readonly lines: number;
  /** Subscriptions of order-events, without the one that measures. */
  readonly subscribers: number;
  /** Orders in the table before the first is placed. */
  readonly ordersBefore: number;
  readonly clients: number;
  readonly orders: number;
  readonly completedPerSecond: number;
  readonly confirmedP50Ms: number;
  readonly cpuMsPerOrder?: number;
}
