import type { SimulationResult } from '../src/simulation.ts';

/** The result of a run in which nothing was wrong. */
export const aResult = (more: Partial<SimulationResult> = {}): SimulationResult => ({
  ...{ seed: 7, hash: 'f00d', steps: 1_000, virtualMs: 90_061_001, orders: 100, events: 500, mails: 110 },
  ...{ duplicateMails: 2, redriven: 3, quietAfterMs: 0, lines: {}, findings: [] },
  faults: { throttled: 12, 'answer lost': 3 },
  ...more,
});
