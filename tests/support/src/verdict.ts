import { deadLetterFindings } from './checks/dead-letters.ts';
import { eventFindings, outboxFindings, subscriptionFindings } from './checks/events.ts';
import type { Finding } from './checks/finding.ts';
import { notificationFindings } from './checks/notifications.ts';
import { orderFindings, productFindings, stockFindings } from './checks/state.ts';
import type { Evidence } from './evidence.ts';
import { type Patience, settle } from './quiet.ts';

export { type Finding, found, type Harm } from './checks/finding.ts';

/** One promise of the platform, checked against the evidence of a whole run. */
export interface Check {
  readonly name: string;
  /** How many things were looked at. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

type Judge = (evidence: Evidence) => readonly Finding[];

const promises: readonly (readonly [name: string, judge: Judge, count: (evidence: Evidence) => number])[] = [
  ['every registered product can be ordered', productFindings, ({ accepted }) => accepted.products.size],
  ['every order is final', orderFindings, ({ accepted }) => accepted.orders.size],
  ['the stock equation holds', stockFindings, ({ products }) => products.length],
  ['one notification per final event', notificationFindings, ({ orders }) => orders.length],
  ['every event was delivered', eventFindings, ({ events }) => events.length],
  ['no outbox is older than its item', outboxFindings, ({ orders }) => orders.length],
  [
    'a subscription that returns misses nothing',
    subscriptionFindings,
    (of) => of.returned?.events.length ?? 0,
  ],
  ['no dead letters but poison', deadLetterFindings, (of) => of.deadLetters.length + of.deadLettersLeft.size],
];

/** Checks every promise against the evidence; a run is good when no check has a finding. Pure. */
export const verdictOn = (evidence: Evidence): readonly Check[] =>
  promises.map(([name, judge, count]) => ({ name, checked: count(evidence), findings: judge(evidence) }));

export const findingsOf = (checks: readonly Check[]): readonly Finding[] =>
  checks.flatMap(({ findings }) => findings);

export interface Verdict {
  readonly evidence: Evidence;
  readonly checks: readonly Check[];
}

interface Judging extends Omit<Patience, 'everyMs'> {
  /** Reads all evidence anew. */
  readonly collect: () => Promise<Evidence>;
  /** Checks of the run's own. */
  readonly also?: ((evidence: Evidence) => readonly Check[]) | undefined;
}

/** Time does not heal these. */
const isForEver = ({ harm }: Finding): boolean => harm !== 'lost' && harm !== 'inconsistent';

/** Collects evidence and judges it until nothing is found any more, or until what is found does not go away. */
export async function settleVerdict({ collect, also, signal, stallMs }: Judging): Promise<Verdict> {
  let last: Verdict | undefined;
  const look = async (): Promise<Verdict> => {
    const evidence = await collect();
    return { evidence, checks: [...verdictOn(evidence), ...(also?.(evidence) ?? [])] };
  };
  const remaining = async (): Promise<number> => {
    const before = new Set(
      findingsOf(last?.checks ?? [])
        .filter(isForEver)
        .map(({ text }) => text),
    );
    last = await look();
    const findings = findingsOf(last.checks);
    return findings.some(({ text }) => before.has(text)) ? 0 : findings.length;
  };
  await settle(remaining, { signal, stallMs, everyMs: 1_000 });
  return last ?? look();
}
