import type { AwsCall, AwsReply, Forward, Intercept } from '@orderly/local/aws-proxy';
import { createRandom, type Random } from '@orderly/support/random';
import { TransactionConflicts } from '@orderly/support/transaction-conflicts';

const ITEMS_BUSY = 'transactions that meet on an item';

/** Who calls: a function of a service, or the event sources, which stand for Lambda's pollers. */
export interface FaultyCall extends AwsCall {
  /** E.g. `orders-dev-place-order`; undefined for the event sources. */
  readonly functionName: string | undefined;
  /** The function's worker: one invocation at a time. */
  readonly worker: string | undefined;
  /** The body, parsed. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** One way in which a call can go wrong. */
export interface Fault {
  readonly kind: string;
  /** It happens to one in so many calls that it concerns, on average. */
  readonly oneIn: number;
  concerns(call: FaultyCall): boolean;
  /** Whether an earlier one goes on with this call. */
  lasts?(call: FaultyCall): boolean;
  /**
   * Does it. Without a reply the caller's connection is cut.
   * @param count to be called when the fault has really happened
   */
  act(call: FaultyCall, forward: Forward, draw: Random, count: () => void): Promise<AwsReply | undefined>;
}

/** Before the call is carried out or after it, the caller gets `reply`; without one its connection is cut. */
export const replacing = (
  kind: string,
  oneIn: number,
  concerns: Fault['concerns'],
  { carriedOut, reply }: { readonly carriedOut: boolean; readonly reply?: AwsReply },
): Fault => ({
  kind,
  oneIn,
  concerns,
  act: async (_call, forward, _draw, count) => {
    if (carriedOut) await forward();
    count();
    return reply;
  },
});

/** Something that lasts for a while: it answers the calls that it stands in the way of, and no others. */
export type Incident = (call: FaultyCall) => AwsReply | undefined;

/** Chooses, from one seed, which calls go wrong and how. */
export class Injector {
  readonly counts = new Map<string, number>();
  readonly incidents = new Set<Incident>();
  readonly #due: { readonly fault: Fault; readonly random: Random; left: number }[];
  readonly #conflicts = new TransactionConflicts({ onConflict: () => this.count(ITEMS_BUSY) });
  #active = false;

  /**
   * @param seed any 32-bit integer: the nth call that a fault concerns meets it in every run of this seed
   * @param rates for some kinds, another `oneIn`
   */
  constructor(faults: readonly Fault[], seed: number, rates: Readonly<Record<string, number>> = {}) {
    this.#due = faults.map((each, place) => {
      const fault = { ...each, oneIn: rates[each.kind] ?? each.oneIn };
      const random = createRandom(seed + place);
      // The first one comes early, so that a short run meets every kind.
      return { fault, random, left: random.int(1, Math.ceil(fault.oneIn / 2)) };
    });
    for (const kind of [ITEMS_BUSY, ...faults.map((fault) => fault.kind)]) this.counts.set(kind, 0);
  }

  /** Whether calls go wrong now. */
  get active(): boolean {
    return this.#active;
  }

  start(): void {
    this.#active = true;
  }

  stop(): void {
    this.#active = false;
  }

  /** Counts a fault that was made elsewhere. */
  readonly count = (kind: string): void => {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  };

  readonly intercept: Intercept = async (call, forward) => {
    const faulty = describe(call);
    for (const incident of this.incidents) {
      const reply = incident(faulty);
      if (reply) return reply;
    }
    // Transactions that meet on an item get in each other's way, as on AWS and not in DynamoDB Local.
    const guarded: Forward = (body) =>
      this.#conflicts.carryOut(faulty.operation, faulty.input, () => forward(body));
    const chosen = this.#active ? this.#choose(faulty) : undefined;
    if (chosen === undefined) return guarded();
    const { fault, random } = chosen;
    return fault.act(faulty, guarded, random, () => this.count(fault.kind));
  };

  /** Every fault that this call concerns comes nearer; the first that is due happens, the others wait. */
  #choose(call: FaultyCall) {
    const concerned = this.#due.filter(({ fault }) => fault.concerns(call));
    const lasting = concerned.find(({ fault }) => fault.lasts?.(call));
    if (lasting) return lasting;
    for (const entry of concerned) entry.left -= 1;
    const chosen = concerned.find(({ left }) => left <= 0);
    if (chosen) chosen.left = chosen.random.int(1, 2 * chosen.fault.oneIn - 1);
    return chosen;
  }
}

function describe(call: AwsCall): FaultyCall {
  const { 'x-fault-function': functionName, 'x-fault-worker': worker } = call.headers;
  const parsed: unknown = JSON.parse(call.body);
  const input = Object(parsed) as Record<string, unknown>;
  return { ...call, functionName: functionName?.toString(), worker: worker?.toString(), input };
}
