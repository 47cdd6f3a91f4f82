import { http } from '@orderly/lambda/http';
import { answerPage, pageFields } from '@orderly/lambda/page';
import * as v from 'valibot';
import { listProducts } from '../product-table.ts';

const Query = v.object(pageFields);

export const handler = http({ query: Query }, ({ query }) => answerPage('products', query, listProducts));
