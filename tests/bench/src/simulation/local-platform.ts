import { median } from '../statistics.ts';
import { Batches } from './batches.ts';
import { Cores } from './cores.ts';
import { EventQueue } from './event-queue.ts';
import { Program } from './program.ts';

/** What an order goes through on the local platform; the same steps as the legs of its way. */
export const stages = [
  'accept',
  'publish placed',
  'reserve',
  'publish reserved',
  'confirm',
  'publish confirmed',
  'notify',
  'publish notified',
] as const;

export type Stage = (typeof stages)[number];

/** What a stage costs. Milliseconds. */
export interface StageCost {
  /** Processor time of a batch that holds one order, by the program that takes it, in their order. */
  readonly cpuMs: readonly (readonly [program: string, ms: number])[];
  /** What passes without any, where nothing is under way. */
  readonly delayMs: number;
}

export interface LocalPlatform {
  readonly cores: number;
  readonly costs: Readonly<Record<Stage, StageCost>>;
  /** The part of a batch's processor time that it takes for the batch and not for each order in it. */
  readonly batchShare: number;
  readonly streamBatch: number;
  readonly queueBatch: number;
  /** Batches of a queue that are at work at once. */
  readonly queueConcurrency: number;
}

export interface ClosedLoop {
  readonly clients: number;
  /** Of all clients together. */
  readonly orders: number;
}

export interface LocalRun {
  readonly acceptedPerSecond: number;
  readonly completedPerSecond: number;
  readonly acceptedP50Ms: number;
  readonly confirmedP50Ms: number;
  readonly cpuMsPerOrder: number;
}

interface Order {
  readonly sentAt: number;
  acceptedAt: number;
  confirmedAt: number;
}

interface Waiting {
  readonly order: Order;
  readonly stage: Stage;
}

/** Clients in a closed loop before the local platform: all of it shares the cores of one machine. */
export function runLocally(platform: LocalPlatform, loop: ClosedLoop): LocalRun {
  const events = new EventQueue();
  const cores = new Cores(events, platform.cores);
  const { costs, batchShare, streamBatch, queueBatch, queueConcurrency } = platform;
  const orders: Order[] = [];

  const programs = new Map<string, Program>();
  const programOf = (name: string): Program => {
    const program = programs.get(name) ?? new Program(cores);
    programs.set(name, program);
    return program;
  };
  /** What an order takes of a batch goes on top of what the batch takes. */
  const visit = (stage: Stage, size: number, done: () => void, from = 0): void => {
    const [name, ms] = costs[stage].cpuMs[from] ?? [];
    if (name === undefined || ms === undefined) {
      done();
      return;
    }
    const taken = ms * (batchShare + size * (1 - batchShare));
    programOf(name).run(taken, () => visit(stage, size, done, from + 1));
  };
  const run = (batch: readonly Waiting[], done: () => void): void => {
    const [first] = batch;
    if (first === undefined) return;
    visit(first.stage, batch.length, () => {
      for (const waiting of batch) goOn(waiting);
      done();
    });
  };
  const stream = (): Batches<Waiting> => new Batches(events, { size: streamBatch, most: 1 }, run);
  const queue = (): Batches<Waiting> =>
    new Batches(events, { size: queueBatch, most: queueConcurrency }, run);
  const ordersStream = stream();
  const sources: readonly (Batches<Waiting> | undefined)[] = [
    undefined,
    ordersStream,
    queue(),
    stream(),
    queue(),
    ordersStream,
    queue(),
    stream(),
  ];
  const goOn = ({ order, stage }: Waiting): void => {
    if (stage === 'publish confirmed') order.confirmedAt = events.now;
    const place = stages.indexOf(stage) + 1;
    const [next, source] = [stages[place], sources[place]];
    if (next !== undefined) source?.add({ order, stage: next }, costs[next].delayMs);
  };
  const place = (): void => {
    if (orders.length >= loop.orders) return;
    const order: Order = { sentAt: events.now, acceptedAt: 0, confirmedAt: 0 };
    orders.push(order);
    events.after(costs.accept.delayMs, () =>
      visit('accept', 1, () => {
        order.acceptedAt = events.now;
        goOn({ order, stage: 'accept' });
        place();
      }),
    );
  };
  for (let client = 0; client < loop.clients; client += 1) place();
  events.run();
  return measured(orders, cores.usedMs);
}

function measured(orders: readonly Order[], cpuMs: number): LocalRun {
  const lastOf = (times: readonly number[]): number => times.reduce((last, at) => Math.max(last, at), 0);
  const perSecond = (lastAt: number): number => (1000 * orders.length) / lastAt;
  return {
    acceptedPerSecond: perSecond(lastOf(orders.map(({ acceptedAt }) => acceptedAt))),
    completedPerSecond: perSecond(lastOf(orders.map(({ confirmedAt }) => confirmedAt))),
    acceptedP50Ms: median(orders.map(({ sentAt, acceptedAt }) => acceptedAt - sentAt)),
    confirmedP50Ms: median(orders.map(({ sentAt, confirmedAt }) => confirmedAt - sentAt)),
    cpuMsPerOrder: cpuMs / orders.length,
  };
}
