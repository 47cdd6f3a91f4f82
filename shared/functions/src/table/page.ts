export { queryPage } from '#cloud/table';
export type { Page, PageQuery } from './types.ts';
