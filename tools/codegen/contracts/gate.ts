import { assertComparable, type Break, incompatibilities } from './compatibility.ts';
import { type Contract, workingContracts } from './contract.ts';
import { type Release, readReleases } from './released.ts';
import { readersOf, readSubscribers, type Subscriber } from './subscribers.ts';

/**
 * The breaks of the working contracts with every released revision, one message each, with the event, the place in it,
 * the rule, and the readers that break.
 *
 * @throws TypeError when a schema uses a keyword that cannot be compared
 */
export function brokenPromises(
  releases: readonly Release[],
  working: readonly Contract[],
  subscribers: readonly Subscriber[],
): readonly string[] {
  // New fields must be comparable, too, because later releases compare them.
  for (const { type, schema } of working) assertComparable(schema, `${type} $`);
  return releases.flatMap((release) =>
    breaksOf(release, working).map((broken) => message(release, broken, subscribers)),
  );
}

function breaksOf(release: Release, working: readonly Contract[]): readonly Break[] {
  const [path, broken] = ['$', 'old readers'] as const;
  const next = working.find(({ type }) => type === release.type);
  if (next === undefined) {
    return [{ path, rule: 'event removed or renamed', detail: `there is no ${release.type}`, broken }];
  }
  const moved = (rule: string, before: unknown, after: unknown): readonly Break[] =>
    before === after ? [] : [{ path, rule, detail: `from ${before} to ${after}`, broken }];
  return [
    ...moved('topic changed', release.topic, next.topic),
    ...moved('name changed', release.schema.title, next.schema.title),
    ...moved('schema renamed', release.schema.$id, next.schema.$id),
    ...incompatibilities(release.schema, next.schema),
  ];
}

const why: Readonly<Record<Break['broken'], string>> = {
  'old readers': 'they check what they read with the released schema',
  'past events':
    'with the new schema they refuse events of the past, which wait in queues, outboxes and archives',
  'old readers and past events':
    'with the released schema they refuse new events, with the new one those of the past',
};

function message(
  release: Release,
  { path, rule, detail, broken }: Break,
  all: readonly Subscriber[],
): string {
  const event = labelOf(release);
  const services = readersOf(release, all).map(({ service }) => service);
  const readers = [...services, `queues of other teams on ${release.topic}`].join(', ');
  return `${event} ${path}: ${rule} (${detail}; revision ${release.revision}). Breaks readers of ${event}: ${readers}; ${why[broken]}.`;
}

/** `StockReserved.v1` */
function labelOf({ type, schema }: Contract): string {
  return `${schema.title}.${type.slice(type.lastIndexOf('.') + 1)}`;
}

/** The report of a failing gate, with advice. */
export function gateReport(messages: readonly string[]): string {
  const advice =
    'A released contract stays as it is: leave the event alone and publish the change as its next version beside it.';
  return [...messages, advice, 'shared/contracts/README.md, "When the gate fails", says how.'].join('\n');
}

/** The gate's report on the working contracts; `undefined` if nothing breaks. It needs no sample, which may be invalid, too. */
export function checkReleased(root: string): string | undefined {
  const messages = brokenPromises(readReleases(root), workingContracts(), readSubscribers(root));
  return messages.length > 0 ? gateReport(messages) : undefined;
}
