import { http } from '@orderly/functions/http/handler';
import { answerPage } from '@orderly/functions/http/page';
import { listProducts } from '../adapters/product-table.ts';
import { ProductsQuery } from '../api/products.ts';

export const handler = http({ query: ProductsQuery }, ({ query }) =>
  answerPage('products', query, listProducts),
);
