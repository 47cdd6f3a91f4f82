import { createHash } from 'node:crypto';
import type { Chance } from '@orderly/aws/chance';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

const WORD = 2 ** 32;

/**
 * Chance that a seed and a name determine. Each part of the world has dice of its own, so that what one part draws does
 * not shift what another one gets.
 */
export class Dice implements Chance {
  readonly #generator;

  constructor(seed: number, name: string) {
    const digest = createHash('sha256').update(`${seed}/${name}`).digest();
    this.#generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at) | 1));
  }

  /** A whole number from 0 to 2^32 - 1. */
  word(): number {
    return this.#generator.next() >>> 0;
  }

  next(): number {
    return this.word() / WORD;
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True with this probability (0 to 1). */
  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** One of a list that is not empty, each equally likely. */
  pick<T>(list: readonly T[]): T {
    const [picked] = list.slice(this.int(0, list.length - 1));
    if (picked === undefined) throw new RangeError('pick needs a list that is not empty');
    return picked;
  }

  /** Mostly small, now and then a multiple of the mean. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  fill<Bytes extends NodeJS.ArrayBufferView>(bytes: Bytes): Bytes {
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < view.length; at += 4) {
      const word = this.word();
      for (let n = 0; n < 4 && at + n < view.length; n++) view[at + n] = word >>> (8 * n);
    }
    return bytes;
  }

  uuid(): string {
    const hex = this.fill(Buffer.alloc(16)).toString('hex');
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
