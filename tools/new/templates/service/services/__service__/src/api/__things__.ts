import { __Thing__Id } from '@orderly/contracts';
import { notFound, type Problem } from '@orderly/functions/http/problem';
import * as v from 'valibot';
import type { __Thing__ } from '../domain/__thing__.ts';

/** The path of one __thing__. */
export const __Thing__Path = v.object({ __thing__Id: __Thing__Id });

/** The __thing__ that a request is about, in every log line of it. */
export const logKeys = { __thing___id: '__thing__Id' };

export const __thing__Location = (__thing__Id: __Thing__Id): string => `/__things__/${__thing__Id}`;

/** __AThing__ as a caller opens it. */
export const New__Thing__ = v.strictObject({ __thing__Id: __Thing__Id });

export function __thing__NotFound(__thing__Id: __Thing__Id): Problem {
  return notFound('__thing__-not-found', `There is no __thing__ ${__thing__Id}`);
}

/** The __thing__ as callers see it: always the same fields in the same order. */
export function show__Thing__({ __thing__Id, status, version, openedAt, closedAt }: __Thing__) {
  return { __thing__Id, status, version, openedAt, closedAt };
}
