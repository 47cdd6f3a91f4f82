export { openTable } from '#cloud/table';
export type { Key, PutResult, Table } from './types.ts';
