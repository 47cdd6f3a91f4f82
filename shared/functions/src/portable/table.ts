export { queryPage } from '../postgres/page.ts';
export { openTable } from '../postgres/table.ts';
export { transact } from '../postgres/transaction.ts';
