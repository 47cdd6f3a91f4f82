import { orderBill } from './bill.ts';
import { type Life, stepNames, untilNotified } from './life.ts';
import { runMs } from './rate.ts';
import { MILLION, money, RATES, rates, table } from './report.ts';
import type { Run } from './run.ts';
import type { Stage } from './stage.ts';
import { priceOf } from './usage.ts';

/** Settings to choose from, in MB: the least, powers of two, and what gives a whole core. */
const SIZES = [128, 256, 512, 1_024, 1_769];

/**
 * AWS gives a function a core at 1,769 MB, and of less memory its share:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const MB_OF_A_CORE = 1_769;

const milliseconds = (ms: number): string => ms.toLocaleString('en-GB', { maximumFractionDigits: 0 });

function withMemory(life: Life, memoryMb: number): Life {
  const sized = (runs: readonly Run[]) => runs.map((run) => ({ ...run, memoryMb }));
  const steps = Object.fromEntries(stepNames.map((step) => [step, sized(life.steps[step])]));
  return { ...life, steps: steps as unknown as Life['steps'] };
}

/** What the functions' memory makes of durations and bills, in Markdown. */
export function memoryTable(life: Life, stage: Stage): string {
  const rows = SIZES.map((memoryMb) => {
    const sized = withMemory(life, memoryMb);
    const runs = untilNotified.flatMap((step) => sized.steps[step]);
    const total = (cold: boolean) => runs.reduce((sum, run) => sum + runMs(run, cold), 0);
    const bills = RATES.map((rate) => orderBill(sized, { ...stage, slowerWithLessMemory: true }, rate));
    return [
      `${memoryMb.toLocaleString('en-GB')} MB`,
      (memoryMb / MB_OF_A_CORE).toFixed(2),
      milliseconds(total(false)),
      milliseconds(total(true)),
      ...bills.map(({ shipped }) => money(priceOf(shipped) * MILLION)),
    ];
  });
  const head = ['memory', 'of a core', 'ms until notified, warm', 'cold', ...rates];
  return table(head, rows);
}
