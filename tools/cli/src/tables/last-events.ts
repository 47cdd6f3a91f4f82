import type { Item } from './stage-table.ts';

/**
 * An item with the events of its last change, if it has any, as `outbox`. Where something was erased from them they are
 * stored as `published`, which no publisher reads.
 */
export const withLastEvents = (item: Item): Item =>
  item.published === undefined ? item : { outbox: item.published, ...item };
