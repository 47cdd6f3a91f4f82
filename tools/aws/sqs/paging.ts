import type { JsonObject } from '../protocol/service.ts';
import { invalidParameter } from './errors.ts';
import { optionalInteger, optionalString } from './validation.ts';

const MAXIMUM = 1_000;

/**
 * One page of a list that is in the order of its keys.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
 */
export const page = <T>(
  all: readonly T[],
  input: JsonObject,
  keyOf: (item: T) => string,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } => {
  const maximum = optionalInteger(input, 'MaxResults', { minimum: 1, maximum: MAXIMUM });
  const token = optionalString(input, 'NextToken');
  if (token !== undefined && maximum === undefined)
    throw invalidParameter('NextToken needs MaxResults to be set as well.');
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString('utf8');
  const rest = all.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, maximum ?? MAXIMUM);
  const last = items.at(-1);
  const more = maximum !== undefined && last !== undefined && rest.length > items.length;
  return { items, nextToken: more ? Buffer.from(keyOf(last)).toString('base64') : undefined };
};
