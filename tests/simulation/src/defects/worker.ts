import { defects } from '@orderly/support/defects';
import type { Finding, Harm } from '@orderly/support/verdict';
import { bundleAll, compileAll, type Programs, withChange } from '../programs.ts';
import { simulate } from '../simulation.ts';

/** One run to make: of the sources with a defect, or as they are. */
export interface Task {
  readonly seed: number;
  readonly orders: number;
  /** A defect's name. */
  readonly defect?: string;
}

/** What came of it. */
export type Ran =
  | { readonly outcome: 'ran'; readonly hash: string; readonly findings: readonly Finding[] }
  /** The run broke off, e.g. because nothing was left to happen. */
  | { readonly outcome: 'broken'; readonly reason: string };

interface Built {
  readonly programs: Programs;
  /** The harm with which a run may end. */
  readonly harm?: Harm;
}

let right: Promise<Programs> | undefined;
/** With the latest defect. */
let wrong: { readonly name: string; readonly built: Promise<Built> } | undefined;

async function build(name: string): Promise<Built> {
  const defect = defects.find((one) => one.name === name);
  if (defect === undefined) throw new Error(`There is no defect ${name}`);
  return { programs: await withChange(await programsAsTheyAre(), defect), harm: defect.harm };
}

function programsAsTheyAre(): Promise<Programs> {
  right ??= bundleAll().then(compileAll);
  return right;
}

async function builtWith(name: string | undefined): Promise<Built> {
  if (name === undefined) return { programs: await programsAsTheyAre() };
  if (wrong?.name !== name) wrong = { name, built: build(name) };
  return wrong.built;
}

async function run({ seed, orders, defect }: Task): Promise<Ran> {
  try {
    const { programs, harm } = await builtWith(defect);
    const options = { seed, orders, faults: 'swarm', ...(harm && { stopAt: harm }) } as const;
    const { hash, findings } = await simulate(programs, options);
    return { outcome: 'ran', hash, findings };
  } catch (error) {
    return { outcome: 'broken', reason: String(error) };
  }
}

process.on('message', async (task: Task) => {
  process.send?.(await run(task));
});
