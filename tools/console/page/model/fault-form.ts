import type { Fault } from '../../src/api.ts';

export const FAULT_KINDS: readonly (readonly [Fault['kind'], string])[] = [
  ['fail-function', 'A function fails'],
  ['delay-function', 'A function starts late'],
  ['fail-queue', 'Calls to a queue fail'],
  ['delay-queue', 'Messages of a queue come late'],
  ['duplicate-queue', 'Messages of a queue come twice'],
];

export const isOfFunction = (kind: Fault['kind']): boolean => kind.endsWith('-function');
export const isDelay = (kind: Fault['kind']): boolean => kind.startsWith('delay-');

export const makeFault = (kind: Fault['kind'], name: string, delayMs: number): Fault =>
  kind === 'delay-function' || kind === 'delay-queue' ? { kind, name, delayMs } : { kind, name };
