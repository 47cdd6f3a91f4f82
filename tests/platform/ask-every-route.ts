import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { longestRequestMs } from '@orderly/functions/http/request-limit';
import { differences } from '../../tools/codegen/documents/answers.ts';
import { openDocument } from '../../tools/codegen/documents/openapi-document.ts';
import { exampleOf, operations } from '../../tools/codegen/documents/operations.ts';
import { readApis } from '../../tools/codegen/documents/platform.ts';
import { call, type HttpFunction } from './invoke.ts';

/**
 * What a route answered, how long it took in milliseconds (less what a busy machine held the process up), and in what
 * its answer differs from the document.
 */
export interface Asked {
  readonly route: string;
  readonly status: number;
  readonly retryAfter: unknown;
  readonly ms: number;
  readonly wrong: readonly string[];
}

/** How much too late a timer of this process fires that is set now: by that much, the machine is busy. */
async function lateness(): Promise<number> {
  const begun = performance.now();
  await setTimeout(longestRequestMs);
  return performance.now() - begun - longestRequestMs;
}

/** Loads every function of a service. @returns a request to each */
function requestsTo(service: string): readonly (() => Promise<Asked>)[] {
  const document = openDocument(service, { closed: true });
  return operations(document).map((operation) => {
    const file = join(__dirname, '../../services', service, 'src/functions', `${operation.name}.ts`);
    const { handler }: { handler: HttpFunction } = require(file);
    return async () => {
      const late = lateness();
      const begun = performance.now();
      const { status, body, headers } = await call(handler, exampleOf(document, operation));
      const took = performance.now() - begun;
      const texts = new Map(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const wrong = differences(document, operation.route, { status, body, headers: texts });
      const ms = took - (await late);
      return { route: operation.route, status, retryAfter: headers['retry-after'], ms, wrong };
    };
  });
}

/**
 * A program: asks every route of every service once, by example, in a process with the time limits and the errors that
 * functions have in Lambda, and prints what they answered. Where DynamoDB is says AWS_ENDPOINT_URL_DYNAMODB.
 */
async function main(): Promise<void> {
  const requests = [...readApis().keys()].flatMap(requestsTo);
  const asked = await Promise.all(requests.map((request) => request()));
  process.stdout.write(JSON.stringify(asked));
  // A dead connection would keep the process.
  process.exit();
}

if (require.main === module) void main();
