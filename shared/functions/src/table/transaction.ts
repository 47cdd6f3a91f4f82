export { transact } from '#cloud/table';
export type { TransactionResult, Update, Write } from './types.ts';
