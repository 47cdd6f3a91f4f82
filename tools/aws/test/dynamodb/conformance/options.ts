import { parseArgs } from 'node:util';

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

export type Target =
  | { readonly peer: 'embedded' }
  | { readonly peer: 'aws' }
  | { readonly peer: 'dynamodb-local'; readonly endpoint: string | undefined }
  | { readonly peer: 'other'; readonly endpoint: string };

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'listDifferences' }
  | { readonly kind: 'run'; readonly target: Target; readonly only: string };

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

const toTarget = (aws: boolean, dynamodbLocal: boolean, endpoint: string | undefined): Target => {
  if (aws && (dynamodbLocal || endpoint !== undefined)) {
    throw new UsageError('--aws takes neither --dynamodb-local nor --endpoint.');
  }
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UsageError(`--endpoint wants a URL such as http://127.0.0.1:8000, not ${endpoint}.`);
  }
  if (aws) return { peer: 'aws' };
  if (dynamodbLocal) return { peer: 'dynamodb-local', endpoint };
  return endpoint === undefined ? { peer: 'embedded' } : { peer: 'other', endpoint };
};

/** @throws UsageError when the arguments make no sense */
export const parseCommand = (args: readonly string[]): Command => {
  const values = parse(args);
  if (values.help) return { kind: 'help' };
  if (values['list-differences']) return { kind: 'listDifferences' };
  const target = toTarget(values.aws, values['dynamodb-local'], values.endpoint);
  return { kind: 'run', target, only: values.only };
};
