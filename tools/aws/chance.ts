import { randomInt, randomUUID } from 'node:crypto';

/** Where chance comes from: the machine, or the seed of a simulation. */
export interface Chance {
  /** A number from 0 (included) to 1 (excluded), each equally likely. */
  next(): number;
  /** A new identifier in the form of a UUID version 4. */
  uuid(): string;
}

const STEPS = 2 ** 47;

/** The machine's chance. */
export const systemChance: Chance = {
  next: () => randomInt(STEPS) / STEPS,
  uuid: () => randomUUID(),
};
