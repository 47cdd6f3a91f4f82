import { freePort } from '@orderly/local/ports';
import { DynamodbLocalFailure, startDynamodbLocal } from '../../../dynamodb-local.ts';
import { ALL_CASES } from './all-cases.ts';
import { DYNAMODB_LOCAL_DIFFERENCES } from './allowed-differences.ts';
import { startEmbedded } from './embedded.ts';
import { type Options, parseOptions, USAGE, UsageError } from './options.ts';
import { formatDifference, formatLine, formatSummary, type Line } from './report.ts';
import { contextFor, createSharedTables, runCase, selectCases } from './run-cases.ts';
import { type OpenDatabase, openAws, openEndpoint, type Peer } from './targets.ts';
import { judge } from './verdict.ts';

const AWS_NOTICE = `This creates about 30 on-demand tables named conformance-* in the account and region of your shell, and deletes
them at the end. It costs a few cents and takes up to half an hour.
`;

// A note of the AWS SDK for its developers.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const openTarget = async ({ peer, endpoint }: Options): Promise<OpenDatabase> => {
  if (peer === 'aws') {
    print(AWS_NOTICE);
    return openAws();
  }
  if (endpoint !== undefined) return openEndpoint(peer, endpoint);
  const server = await (peer === 'embedded' ? startEmbedded() : startDynamodbLocal(await freePort()));
  const { db, close } = openEndpoint(peer, server.endpoint);
  const closeAll = async (): Promise<readonly string[]> => {
    const left = await close();
    await server.stop();
    return left;
  };
  return { db, close: closeAll };
};

const differenceOf = (peer: Peer, name: string) =>
  peer === 'dynamodb-local' ? DYNAMODB_LOCAL_DIFFERENCES.find((entry) => entry.name === name) : undefined;

/** Entries of the list that name no case: they would never be noticed. */
const unknownDifferences = (): readonly string[] => {
  const names = new Set(selectCases(ALL_CASES).map(({ name }) => name));
  return DYNAMODB_LOCAL_DIFFERENCES.map(({ name }) => name).filter((name) => !names.has(name));
};

const runAll = async (
  { db }: OpenDatabase,
  { peer, only }: Options,
  signal: AbortSignal,
): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  const tables = await createSharedTables(db);
  let subject = '';
  for (const one of selectCases(ALL_CASES, only)) {
    if (signal.aborted) break;
    if (one.subject !== subject) print(`\n${one.subject}`);
    subject = one.subject;
    const verdict = judge(await runCase(one, peer, contextFor(db, tables)), differenceOf(peer, one.name));
    const line = { subject, name: one.name, verdict };
    lines.push(line);
    print(formatLine(line));
  }
  return lines;
};

const run = async (options: Options): Promise<boolean> => {
  const interrupted = new AbortController();
  // The first signal ends the present case and removes all tables; the second ends the process at once.
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const session = await openTarget(options);
  let lines: readonly Line[] = [];
  let left: readonly string[] = [];
  try {
    lines = await runAll(session, options, interrupted.signal);
  } finally {
    left = await session.close();
  }
  const stale = unknownDifferences();
  for (const name of stale) print(`\nallowed-differences.ts names a case that does not exist: ${name}`);
  for (const name of left) print(`\nThe table ${name} could not be removed: delete it yourself.`);
  if (interrupted.signal.aborted) print('\nInterrupted: not all cases were run.');
  print(`\n${formatSummary(lines)}`);
  const failed = lines.some(({ verdict }) => verdict.outcome === 'failed');
  return !failed && lines.length > 0 && left.length + stale.length === 0 && !interrupted.signal.aborted;
};

const execute = async (options: Options): Promise<boolean> => {
  if (!options.helps && !options.listsDifferences) return run(options);
  print(options.helps ? USAGE : DYNAMODB_LOCAL_DIFFERENCES.map(formatDifference).join('\n\n'));
  return true;
};

const main = async (): Promise<void> => {
  try {
    if (!(await execute(parseOptions(process.argv.slice(2))))) process.exitCode = 1;
  } catch (error) {
    const known = error instanceof UsageError || error instanceof DynamodbLocalFailure;
    process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
};

void main();
