import type { Condition } from '../table/condition.ts';

export type Item = Readonly<Record<string, unknown>>;

/** @returns whether the condition holds for the present item; `undefined`: there is none */
export function holds(condition: Condition, item: Item | undefined): boolean {
  if (condition.kind === 'absent') return item === undefined;
  if (condition.kind === 'older') {
    const number = item?.[condition.name];
    return item === undefined || (typeof number === 'number' && number < condition.than);
  }
  if (item === undefined) return false;
  if (condition.kind === 'unchanged') {
    return Object.entries(condition.attributes).every(([name, value]) => item[name] === value);
  }
  return Object.entries(condition.bounds).every(([name, { min, max }]) => {
    const number = item[name];
    return typeof number === 'number' && min <= number && number <= max;
  });
}
