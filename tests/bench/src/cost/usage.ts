import { unitPrices } from './prices.ts';

/** An amount of each thing that AWS charges for by use. */
export type Usage = Readonly<Record<keyof typeof unitPrices, number>>;

export const charged = Object.keys(unitPrices) as readonly (keyof Usage)[];

/** @param amounts zero where it names nothing */
export const usage = (amounts: Partial<Usage>): Usage => map((name) => amounts[name] ?? 0);

export const sum = (usages: readonly Usage[]): Usage =>
  map((name) => usages.reduce((total, each) => total + each[name], 0));

/** What `whole` has more than `part`. */
export const difference = (whole: Usage, part: Usage): Usage => map((name) => whole[name] - part[name]);

export const shareOf = (each: Usage, parts: number): Usage => map((name) => each[name] / parts);

/** In USD. */
export const priceOf = (each: Usage): number =>
  charged.reduce((total, name) => total + each[name] * unitPrices[name], 0);

const map = (amount: (name: keyof Usage) => number): Usage =>
  Object.fromEntries(charged.map((name) => [name, amount(name)])) as Usage;
