// The same job as reference.ts, as Orderly's functions do it: checked input, problem details, guarded write, log.
import { randomUUID } from 'node:crypto';
import { Price, ProductName } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { created, http } from '@orderly/functions/http/handler';
import { count } from '@orderly/functions/observability/metrics';
import { absent } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import * as v from 'valibot';

const { TABLE_NAME } = environment({ TABLE_NAME: text });
const table = openTable<{ pk: string; name: string; price: number }>(TABLE_NAME);

export const handler = http({ body: v.object({ name: ProductName, price: Price }) }, async ({ body }) => {
  const { outcome } = await table.put({ pk: randomUUID(), ...body }, absent);
  if (outcome === 'written') count('Written');
  return created('/', body);
});
