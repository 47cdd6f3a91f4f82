import type { Prediction } from './predict.ts';

/** Of what comes so much may be refused before a part counts as broken. */
const TOLERATED_SHARE = 0.01;
/** A queue or a stream that is as old as this is behind. */
const BEHIND_SECONDS = 2;

const behind = (ages: Readonly<Record<string, number>>, kind: string): readonly string[] =>
  Object.entries(ages)
    .filter(([, age]) => age >= BEHIND_SECONDS)
    .map(([name, age]) => `${kind} ${name} is ${Math.round(age)} s behind`);

/** What does not keep up, in the order of an order's way; empty when everything does. */
export function bottlenecks({ counts, samples }: Prediction): readonly string[] {
  const refused = (by: string, count: number): readonly string[] =>
    count > TOLERATED_SHARE * counts.arrived
      ? [`${by} refuses ${Math.round((100 * count) / counts.arrived)} %`]
      : [];
  const last = samples.at(-1);
  return [
    ...refused('API Gateway', counts.refusedByApi),
    ...refused('Lambda', counts.refusedByLambda),
    ...refused('the orders table', counts.refusedByTable),
    ...behind(last?.iteratorAge ?? {}, 'stream'),
    ...behind(last?.queueAge ?? {}, 'queue'),
  ];
}
