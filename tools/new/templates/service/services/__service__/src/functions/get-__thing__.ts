import { http, ok } from '@orderly/functions/http/handler';
import { find__Thing__ } from '../adapters/__thing__-table.ts';
import { __Thing__Path, __thing__NotFound, logKeys, show__Thing__ } from '../api/__things__.ts';

export const handler = http({ path: __Thing__Path, logKeys }, async ({ path: { __thing__Id } }) => {
  const __thing__ = await find__Thing__(__thing__Id);
  if (__thing__ === undefined) throw __thing__NotFound(__thing__Id);
  return ok(show__Thing__(__thing__));
});
