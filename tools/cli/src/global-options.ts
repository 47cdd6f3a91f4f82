import { type Command, InvalidArgumentError, Option } from 'commander';
import { addEndpoint, type Endpoints } from './endpoint.ts';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly stage: string;
  readonly region?: string;
  readonly endpoint?: Endpoints;
  /** AWS: nothing else leads there. */
  readonly aws?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Adds them to the program; commander takes them before and after the names of commands. */
export function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option('--stage <name>', 'the stage to work on')
        .env('ORDERLY_STAGE')
        .default('dev')
        .argParser(stage),
    )
    .option(
      '--region <name>',
      "AWS region (default: the local platform's, AWS_REGION or eu-central-1)",
      region,
    )
    .option(
      '--endpoint <url>',
      'where DynamoDB and SQS answer; dynamodb=<url> and sqs=<url> are for one each',
      addEndpoint,
    )
    .option('--aws', 'work on AWS, with the credentials of your shell; never done without it')
    .option('--dry-run', 'say what would be done and change nothing')
    .option('--json', 'print the result as JSON on stdout, and nothing else there');
}

/** The same form as the local platform asks for. */
function stage(value: string): string {
  if (/^[a-zA-Z][a-zA-Z0-9-]{0,19}$/.test(value)) return value;
  throw new InvalidArgumentError('It must be a letter and up to 19 letters, digits or hyphens.');
}

function region(value: string): string {
  if (/^[a-z]{2}(-[a-z]+)+-\d+$/.test(value)) return value;
  throw new InvalidArgumentError('It must be the name of a region such as eu-central-1.');
}

/** Reads a whole number between two limits, both included. */
export const integer =
  (from: number, to: number) =>
  (value: string): number => {
    const number = Number(value);
    if (/^\d{1,10}$/.test(value) && number >= from && number <= to) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };

/** Collects the values of an option that may be repeated. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return [...before, value];
}
