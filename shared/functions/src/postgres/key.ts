import type { Key } from '../table/types.ts';
import { toStored } from './json.ts';

/** The columns pk and sk of a key; the latter is empty where the table has no sort key. */
export type StoredKey = readonly [pk: string, sk: string];

export const storedKey = ({ pk = '', sk = '' }: Key): StoredKey => [toStored(pk), toStored(sk)];

/** @returns the key of an item */
export const keyOf = (item: object): Key => {
  const { pk, sk } = item as { readonly pk: string; readonly sk?: string };
  return sk === undefined ? { pk } : { pk, sk };
};

/** In the order of PostgreSQL's collation "C". */
export const compareKeys = (a: StoredKey, b: StoredKey): number =>
  Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) ||
  Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1]));
