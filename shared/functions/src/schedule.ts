import { scheduled } from '#cloud/schedule';
import { flushMetrics } from './observability/metrics.ts';

/** A function that a schedule invokes: `schedule(async () => { ... })`. Its metrics are written at its end. */
export function schedule<Result>(work: () => Promise<Result>) {
  return scheduled(async () => {
    try {
      return await work();
    } finally {
      flushMetrics();
    }
  });
}
