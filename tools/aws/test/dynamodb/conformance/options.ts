import { parseArgs } from 'node:util';
import type { Peer } from './targets.ts';

export const USAGE = `npm run conformance -- [options]

Checks the behaviour of a DynamoDB, case by case.

  (nothing)             the embedded DynamoDB
  --dynamodb-local      DynamoDB Local, which is started when no --endpoint is given (needs Java 17)
  --aws                 AWS, with the region and credentials of the shell; costs cents, removes its tables
  --endpoint URL        a server that runs already
  --only TEXT           only cases whose subject or name contains TEXT
  --list-differences    print where DynamoDB Local may differ, and run nothing`;

/** A mistake in the command line. */
export class UsageError extends Error {}

export interface Options {
  readonly peer: Peer;
  /** Where a server runs already. */
  readonly endpoint: string | undefined;
  readonly only: string;
  readonly listsDifferences: boolean;
  readonly helps: boolean;
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'dynamodb-local': { type: 'boolean', default: false },
        aws: { type: 'boolean', default: false },
        endpoint: { type: 'string' },
        only: { type: 'string', default: '' },
        'list-differences': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** @throws UsageError when the arguments make no sense */
export const parseOptions = (args: readonly string[]): Options => {
  const { aws, endpoint, only, help, ...flags } = parse(args);
  const dynamodbLocal = flags['dynamodb-local'];
  if (aws && (dynamodbLocal || endpoint !== undefined)) {
    throw new UsageError('--aws takes neither --dynamodb-local nor --endpoint.');
  }
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UsageError(`--endpoint wants a URL such as http://127.0.0.1:8000, not ${endpoint}.`);
  }
  const unnamed = endpoint === undefined ? 'embedded' : 'other';
  const peer = aws ? 'aws' : dynamodbLocal ? 'dynamodb-local' : unnamed;
  return { peer, endpoint, only, listsDifferences: flags['list-differences'], helps: help };
};
