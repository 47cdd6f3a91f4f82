// The same job as reference.ts, as Orderly's functions do it: checked input, problem details, guarded write, log.
import { Price, ProductName } from '@orderly/contracts';
import { environment, text } from '@orderly/lambda/env';
import { created, http } from '@orderly/lambda/http';
import { count } from '@orderly/lambda/metrics';
import { absent, openTable } from '@orderly/lambda/table';
import * as v from 'valibot';

const { TABLE_NAME } = environment({ TABLE_NAME: text });
const table = openTable<{ pk: string; name: string; price: number }>(TABLE_NAME);

export const handler = http({ body: v.object({ name: ProductName, price: Price }) }, async ({ body }) => {
  const { written } = await table.put({ pk: crypto.randomUUID(), ...body }, absent);
  if (written) count('Written');
  return created('/', body);
});
