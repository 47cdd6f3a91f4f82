import { http } from '@orderly/lambda/http';
import { answerPage } from '@orderly/lambda/page';
import { ProductsQuery } from '../product-http.ts';
import { listProducts } from '../product-table.ts';

export const handler = http({ query: ProductsQuery }, ({ query }) =>
  answerPage('products', query, listProducts),
);
