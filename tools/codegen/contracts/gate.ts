import { assertComparable, type Break, incompatibilities } from './compatibility.ts';
import { type Contract, workingContracts } from './contract.ts';
import { type Release, readReleases } from './released.ts';
import { readersOf, readSubscribers, type Subscriber } from './subscribers.ts';

/**
 * What is wrong with the working contracts, one message each, when they are held against every released revision:
 * each names the event, the place in it, the rule, and who breaks. None: whoever relies on a release is safe.
 *
 * @throws TypeError when a schema uses a keyword that cannot be compared
 */
export function brokenPromises(
  releases: readonly Release[],
  working: readonly Contract[],
  subscribers: readonly Subscriber[],
): readonly string[] {
  // New fields, too: they are compared from their first release on.
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

/** What the gate says when it fails, with what to do. */
export function gateReport(messages: readonly string[]): string {
  const advice =
    'A released contract stays as it is: leave the event alone and publish the change as its next version beside it.';
  return [...messages, advice, 'shared/contracts/README.md, "When the gate fails", says how.'].join('\n');
}

/** What the working contracts break, for people; `undefined` when nothing. Needs no sample, which may be wrong as well. */
export function checkReleased(root: string): string | undefined {
  const messages = brokenPromises(readReleases(root), workingContracts(), readSubscribers(root));
  return messages.length > 0 ? gateReport(messages) : undefined;
}
