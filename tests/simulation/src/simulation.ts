import { untriedFindings } from '@orderly/support/checks/dead-letters';
import { type PlanOptions, TWO_TRANSACTIONS } from '@orderly/support/plan';
import { type Finding, findingsOf, found, type Harm, verdictOn } from '@orderly/support/verdict';
import { deadLettersIn, evidenceOf, waitingIn } from './judge/evidence.ts';
import {
  mailOrderFindings,
  metricFindings,
  replayFindings,
  subscriberFindings,
  traceFindings,
} from './judge/promises.ts';
import { Watch } from './judge/watch.ts';
import type { Customers, CustomersOptions } from './programs/customers.ts';
import type { Programs } from './programs.ts';
import { watchLeaks } from './sandbox/leaks.ts';
import { Dice } from './world/dice.ts';
import { type FaultLevel, faultsOf, faultsWithout } from './world/faults.ts';
import { Guest } from './world/guest.ts';
import type { Kind, Line } from './world/history.ts';
import { INCIDENT_KINDS, type IncidentKind, Incidents } from './world/incidents.ts';
import { Operator } from './world/operator.ts';
import { Platform } from './world/platform.ts';
import type { Scheduler } from './world/scheduler.ts';
import { STAGE } from './world/stack.ts';
import { Subscriber } from './world/subscriber.ts';
import { World } from './world/world.ts';

type CustomersProgram = typeof import('./programs/customers.ts');

export interface SimulationOptions {
  readonly seed: number;
  readonly orders: number;
  readonly faults: FaultLevel;
  /** Kinds of faults of calls, and of incidents, that do not happen. */
  readonly without?: readonly string[];
  /** The end of the world at the latest, in milliseconds of virtual time. */
  readonly untilMs?: number;
  /** The run ends with the first finding of this harm. */
  readonly stopAt?: Harm;
  /** Gets every line of the history. */
  readonly listener?: (line: Line) => void;
  /** Called first: what says how far the run is. */
  readonly onStart?: (progress: Pick<Scheduler, 'steps' | 'micros'>) => void;
  /** Called after each order that was accepted. */
  readonly onOrder?: (count: number) => void;
}

export interface SimulationResult {
  readonly seed: number;
  /** SHA-256 of the history. */
  readonly hash: string;
  readonly steps: number;
  readonly virtualMs: number;
  readonly orders: number;
  readonly events: number;
  readonly mails: number;
  /** Mails that were sent a second time, with the same Message-ID. */
  readonly duplicateMails: number;
  /** Dead letters that were put back. */
  readonly redriven: number;
  /** How long it took until all was quiet, once faults had ended. */
  readonly quietAfterMs: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly lines: Readonly<Partial<Record<Kind, number>>>;
  readonly findings: readonly Finding[];
}

const DAY_MS = 86_400_000;
/** Several times as many as a run needs in which a service is away for hours. */
const MOST_STEPS = 400_000;
const MOST_STEPS_OF_ORDER = 5_000;
export const TOPICS = ['order-events', 'inventory-events', 'notification-events'];
/** Nothing has moved for so long: longer than a failed record of a stream waits. */
const QUIET_MS = 30_000;
/** Five receives of a message are 7.5 minutes apart; a publisher tries a failing target for a minute. */
const QUIET_WITHIN_MS = 30 * 60_000;
/** Sooner than a customer gives up. */
const ON_CALL_EVERY_MS = 60 * 60_000;
/** So many of nine messages behind poison have no bad luck together: no function is killed that often. */
const UNTRIED = 5;
/** The limit of the API. */
const MOST_LINES = 1_000;
/** The part of the orders after which the last ones come. */
const LAST_ORDERS_FROM = 0.9;
/** What a slow subscriber takes for all orders together. */
const MOST_SLOW_MS = 100_000;

/** How likely an incident of a kind is in a run. */
const INCIDENT_RATES: Readonly<Record<FaultLevel, number>> = {
  none: 0,
  usual: 0.15,
  swarm: 0.25,
  heavy: 0.6,
};

/** Who calls the APIs: somebody who may do everything. */
export const SHOP = {
  sub: 'shop',
  scope: 'orders:admin orders:write orders:read inventory:write inventory:read notifications:read',
};

/** Runs the platform on a simulated AWS, breaks things meanwhile, and judges what came of it. */
export async function simulate(programs: Programs, options: SimulationOptions): Promise<SimulationResult> {
  const leaks = watchLeaks();
  const { listener, onOrder } = options;
  const { stackTraceLimit } = Error;
  // Errors are a part of every run, and to note where they come from takes longer than to handle them.
  if (listener === undefined) Error.stackTraceLimit = 0;
  try {
    const result = await play(programs, {
      ...options,
      ...(listener && { listener: leaks.aside(listener) }),
      ...(onOrder && { onOrder: leaks.aside(onOrder) }),
    });
    const leaked = leaks.found().map((text) => found('inconsistent', text));
    return { ...result, findings: [...result.findings, ...leaked] };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    leaks.end();
  }
}

async function play(programs: Programs, options: SimulationOptions): Promise<SimulationResult> {
  const { seed, faults: level, listener, untilMs = 30 * DAY_MS } = options;
  const drawn = faultsOf(level, new Dice(seed, 'faults'));
  const faults = faultsWithout(drawn, options.without ?? []);
  const world = new World({ seed, faults, ...(listener && { listener }) });
  options.onStart?.(world.scheduler);
  const run = new Run(world, programs, options);
  let result: Pick<SimulationResult, 'findings'> & Partial<SimulationResult> = { findings: [] };
  const stopped = new Promise<void>((resolve) => {
    run.watch.onFinding = ({ harm }) => harm === options.stopAt && resolve();
  });
  const played = run.play().then((ended) => {
    result = ended;
  });
  const limits = { ms: untilMs, steps: MOST_STEPS + options.orders * MOST_STEPS_OF_ORDER };
  const done = await world.scheduler.run(Promise.race([played, stopped]), limits);
  const late = done ? [] : [notOver(world)];
  const { scheduler, history, faultCounts, mail } = world;
  return {
    ...{ orders: 0, events: 0, redriven: 0, quietAfterMs: 0 },
    ...result,
    findings: [...run.watch.findings, ...result.findings, ...late],
    ...{ seed, steps: scheduler.steps, virtualMs: scheduler.micros / 1000 },
    ...{ mails: mail.taken.length, duplicateMails: mail.taken.length - new Set(mail.taken).size },
    faults: Object.fromEntries([...faultCounts, ...world.awsFaultCounts()].sort()),
    lines: Object.fromEntries(history.counts),
    hash: history.hash(),
  };
}

/** Customers who wait for what was lost ask again and again, until a limit ends the run. */
function notOver(world: World): Finding {
  const { steps, micros } = world.scheduler;
  const at = `step ${steps}, ${Math.round(micros / 1e6)} s of virtual time`;
  return found('lost', `The run does not come to its end (${at}), and ${waitingIn(world)} messages wait`);
}

/** @throws what is no refusal */
function refusalsIn(error: unknown): readonly Finding[] {
  const { name, message } = Object(error) as Partial<Error>;
  if (name !== 'ProblemError') throw error;
  return [found('inconsistent', `A customer was refused what must be taken: ${message}`)];
}

class Run {
  readonly watch: Watch;
  readonly #world: World;
  readonly #programs: Programs;
  readonly #options: SimulationOptions;
  /** Its draws say what kind of run this is, and shift nothing else. */
  readonly #dice: Dice;
  /** Which incidents begin with which order. */
  readonly #due: ReadonlyMap<number, readonly IncidentKind[]>;

  constructor(world: World, programs: Programs, options: SimulationOptions) {
    this.#world = world;
    this.#programs = programs;
    this.#options = options;
    this.#dice = new Dice(options.seed, 'run');
    this.#due = this.#incidentsByOrder();
    this.watch = new Watch(world);
  }

  async play(): Promise<
    Pick<SimulationResult, 'orders' | 'events' | 'redriven' | 'quietAfterMs' | 'findings'>
  > {
    const world = this.#world;
    const { present, next, customers, operator } = this.#programs;
    const spans: Record<string, string> = this.#dice.chance(0.2) ? { ORDERLY_TRACE_SPANS: 'true' } : {};
    const platform = await Platform.deploy(world, this.#programs.stacks, present, spans);
    const { judge, others, away, returning, slow, refusing } = await this.#subscribers(platform);
    const call = new Operator(world, operator);
    const fetch = platform.fetchAs(SHOP);
    const guest = new Guest(world, { name: 'customers', program: customers, fetch });
    const incidents = new Incidents({
      ...{ world, platform, away, returning, failing: slow, operator: call, watch: this.watch },
      poison: (run) => guest.run(({ poison }: CustomersProgram) => poison(run)),
      releases: { present, next },
    });
    const load = this.#load(guest, platform, judge, incidents);
    let isOver = false;
    void this.#onCall(call, incidents, refusing, () => isOver);
    const refusals = await guest.run(() => load.run()).then(() => [], refusalsIn);
    isOver = true;
    const { orders } = load.accepted;
    if (refusals.length > 0)
      return { orders: orders.size, events: 0, redriven: 0, quietAfterMs: 0, findings: refusals };
    await incidents.over();
    world.calm();
    const quiet = await this.#quiet();
    const parked = deadLettersIn(world).filter(({ target }) => target !== undefined && target === refusing);
    // What a redrive lets go on is published to it as to any other.
    const publishedWhileRefusing = new Set(judge.events.map(({ id }) => id));
    world.forbidden.clear();
    // A redrive lets messages behind poison through, one by one.
    const untried = untriedFindings({ deadLetters: deadLettersIn(world), poison: incidents.poison }, UNTRIED);
    const findings: Finding[] = [...quiet.findings, ...untried];
    const redriven = deadLettersIn(world).length;
    findings.push(...(await this.#redrive(call, incidents)));
    findings.push(...(await this.#quiet()).findings);
    const replayed = await this.#replay(platform, call, findings);
    const poisoned = deadLettersIn(world);
    const evidence = await evidenceOf({
      ...{ world, call: platform.call, accepted: load.accepted, poison: incidents.poison },
      ...(refusing !== undefined && { refusing }),
      ...{
        publishedWhileRefusing,
        events: judge.events,
        garbage: judge.garbage,
        deadLetters: [...poisoned, ...parked],
      },
      returned:
        incidents.returnedFrom === undefined || returning === undefined
          ? undefined
          : { from: incidents.returnedFrom, events: returning.events },
    });
    findings.push(
      ...findingsOf(verdictOn(evidence)),
      ...others.flatMap((each) => subscriberFindings(each, judge.events, this.watch.deadLettered)),
      ...mailOrderFindings(evidence, world, this.watch.deadLettered),
      ...metricFindings(evidence, world, this.watch.failedOrders),
      ...traceFindings(world),
      ...replayFindings(evidence, replayed),
    );
    return {
      ...{ orders: load.accepted.orders.size, events: judge.events.length, findings },
      ...{ redriven: redriven - poisoned.length, quietAfterMs: quiet.ms },
    };
  }

  /** Other teams, with good and bad manners. */
  async #subscribers(platform: Platform) {
    const open = (name: string, more: object = {}) =>
      Subscriber.open(this.#world, platform.call, { name, topics: TOPICS, ...more });
    // Each of them costs time in every run, and not every run needs all.
    const maybe = async (name: string, more: object, needed = false) =>
      this.#dice.chance(0.3) || needed ? open(name, more) : undefined;
    const judge = await open('judge.fifo');
    const incidents = [...this.#due.values()].flat();
    const [isAway, isReturning, isFailing] = [
      incidents.includes('another team is away'),
      incidents.includes('another team deletes its queues and makes them again'),
      incidents.includes("another team's queue takes nothing"),
    ];
    const orders = { topics: ['order-events'] };
    const slowMs = Math.min(500, MOST_SLOW_MS / this.#options.orders);
    const wanted = ['OrderConfirmed', 'OrderCancelled', 'OrderShipped'];
    const away = await maybe('away.fifo', { ...orders, events: wanted }, isAway);
    const returning = await maybe('returning.fifo', orders, isReturning);
    const slow = await maybe('slow.fifo', { ...orders, manners: { slowMs } }, isFailing);
    const others = [
      away,
      slow,
      await maybe('forgetful.fifo', { ...orders, manners: { forgets: 0.2 } }),
      await maybe('standard', { topics: ['inventory-events'] }),
    ].filter((one) => one !== undefined);
    this.#world.sqs.faults.deliverTwice(
      `${STAGE}-inventory-events--standard`,
      this.#world.faults.deliveredTwice,
    );
    // What it refuses is put aside, beside what other queues do not take.
    const isNeeded = isFailing || incidents.includes('somebody redrives too early');
    const refusing = (await maybe('refusing.fifo', orders, isNeeded))?.urls[0];
    if (refusing !== undefined) this.#world.forbidden.add(refusing);
    return { judge, others, away, returning, slow, refusing };
  }

  /** The customers, and the incidents at certain orders. */
  #load(guest: Guest, platform: Platform, judge: Subscriber, incidents: Incidents): Customers {
    const { seed, orders, onOrder } = this.#options;
    let begun = 0;
    const options: CustomersOptions = {
      ...{ seed, run: 'r', orders, services: platform.services },
      ...this.#largest(),
      concurrency: this.#dice.pick([4, 16, 64]),
      decision: (orderId) => judge.decision(orderId),
      before: async () => {
        // The last ones come when all that has begun is over: then everything must be as before.
        if (++begun > LAST_ORDERS_FROM * orders) await incidents.over();
      },
      onOrder: (count) => {
        for (const kind of this.#due.get(count) ?? []) incidents.begin(kind);
        onOrder?.(count);
      },
    };
    return guest.run(({ Customers }: CustomersProgram) => new Customers(options));
  }

  /** Large orders take long, and so does it to register as many products. */
  #largest(): Pick<PlanOptions, 'largest' | 'largeEvery'> {
    if (this.#dice.chance(0.02)) return { largest: MOST_LINES };
    if (!this.#dice.chance(0.1)) return {};
    return { largest: TWO_TRANSACTIONS, largeEvery: this.#dice.pick([5, 40]) };
  }

  #incidentsByOrder(): ReadonlyMap<number, readonly IncidentKind[]> {
    const { faults, orders, without = [] } = this.#options;
    const due = new Map<number, IncidentKind[]>();
    for (const kind of INCIDENT_KINDS) {
      const [happens, at] = [this.#dice.chance(INCIDENT_RATES[faults]), this.#dice.int(1, orders)];
      if (happens && !without.includes(kind)) due.set(at, [...(due.get(at) ?? []), kind]);
    }
    return due;
  }

  /** Waits until nothing moves. */
  async #quiet(): Promise<{ readonly ms: number; readonly findings: readonly Finding[] }> {
    const { scheduler, lambda } = this.#world;
    const since = scheduler.micros;
    for (let quietMs = 0; quietMs < QUIET_MS; ) {
      await scheduler.sleep(1_000);
      quietMs = lambda.running === 0 && waitingIn(this.#world) === 0 ? quietMs + 1_000 : 0;
      if (scheduler.micros - since <= QUIET_WITHIN_MS * 1000) continue;
      const text = `The faults are over for ${QUIET_WITHIN_MS} ms, and ${waitingIn(this.#world)} messages wait`;
      return { ms: QUIET_WITHIN_MS, findings: [found('lost', text)] };
    }
    return { ms: (scheduler.micros - since) / 1000 - QUIET_MS, findings: [] };
  }

  /** Somebody looks now and then, and puts back what failed too often: a product that nobody knows stops its orders. */
  async #onCall(
    operator: Operator,
    { poison }: Incidents,
    refusing: string | undefined,
    isOver: () => boolean,
  ): Promise<void> {
    for (;;) {
      await this.#world.scheduler.sleep(ON_CALL_EVERY_MS);
      if (isOver()) return;
      const known = new Set(poison.map(({ body }) => body));
      const helps = deadLettersIn(this.#world).some(
        ({ body, target }) => !known.has(body) && (target === undefined || target !== refusing),
      );
      if (helps) await operator.orderly('dlq', 'redrive', '--all');
    }
  }

  /** Puts back what failed too often; what is left are messages that nobody can process. */
  async #redrive(operator: Operator, { poison }: Incidents): Promise<readonly Finding[]> {
    if (deadLettersIn(this.#world).length === 0) return [];
    const { code, err } = await operator.orderly('dlq', 'redrive', '--all');
    if (code !== 0) return [found('lost', `A redrive without any fault ended with ${code}: ${err}`)];
    const known = new Set(poison.map(({ body }) => body));
    return deadLettersIn(this.#world)
      .filter(({ body }) => !known.has(body))
      .map(({ queue, body }) => found('lost', `Still in ${queue} after a redrive: ${body.slice(0, 200)}`));
  }

  /** Publishes the state of all orders again, to a new team. */
  async #replay(platform: Platform, operator: Operator, findings: Finding[]): Promise<Subscriber> {
    const topic = 'order-events';
    const replayed = await Subscriber.open(this.#world, platform.call, {
      name: 'replayed.fifo',
      topics: [topic],
    });
    const to = `${STAGE}-${topic}--replayed.fifo`;
    const { code, err } = await operator.orderly('replay', '--topic', topic, '--to', to, '--rate', '3000');
    if (code !== 0) findings.push(found('lost', `A replay without any fault ended with ${code}: ${err}`));
    findings.push(...(await this.#quiet()).findings);
    return replayed;
  }
}
