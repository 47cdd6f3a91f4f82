import { bundle, type Change, compile } from './sandbox/bundle.ts';
import type { Program } from './sandbox/sandbox.ts';
import { entriesOf, readStacks, type Stack } from './world/stack.ts';

/** Everything that runs in a simulation, compiled. */
export interface Programs {
  readonly stacks: readonly Stack[];
  /** The functions, by `<service>/<function>`. */
  readonly present: ReadonlyMap<string, Program>;
  /** The functions of the next release: their events have a member more. */
  readonly next: ReadonlyMap<string, Program>;
  readonly customers: Program;
  readonly operator: Program;
}

/** What programs are compiled from; it can be sent to another process. */
export interface Sources {
  readonly stacks: readonly Stack[];
  readonly present: Readonly<Record<string, string>>;
  readonly next: Readonly<Record<string, string>>;
  readonly guests: Readonly<Record<'customers' | 'operator', string>>;
}

/** Subscribers must ignore members of events that they do not know. */
const NEXT_RELEASE: Change = {
  file: 'shared/functions/src/messaging/outbox.ts',
  replace: "datacontenttype: 'application/json',",
  by: "datacontenttype: 'application/json', release: 'next',",
};

const GUESTS = {
  customers: 'tests/simulation/src/programs/customers.ts',
  operator: 'tests/simulation/src/programs/operator.ts',
};

/**
 * Bundles everything: some seconds.
 * @param change a place in the sources that is to be different
 * @throws Error when a change, or a part of the SDK, is not where it was
 */
export async function bundleAll(change?: Change): Promise<Sources> {
  const stacks = await readStacks();
  const entries = entriesOf(stacks);
  const [present, next, guests] = [
    await bundle(entries, change),
    await bundle(entries, NEXT_RELEASE),
    await bundle(GUESTS, change),
  ];
  return {
    stacks,
    present: Object.fromEntries(present),
    next: Object.fromEntries(next),
    guests: { customers: guests.get('customers') ?? '', operator: guests.get('operator') ?? '' },
  };
}

/** Compiles when it is loaded first: most runs need no next release. */
function compiled(name: string, text: string): Program {
  let program: Program | undefined;
  return (...values) => {
    program ??= compile(name, text);
    program(...values);
  };
}

const compileEach = (texts: Readonly<Record<string, string>>): ReadonlyMap<string, Program> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, compiled(name, text)]));

export const compileAll = ({ stacks, present, next, guests }: Sources): Programs => ({
  stacks,
  present: compileEach(present),
  next: compileEach(next),
  customers: compiled('customers', guests.customers),
  operator: compiled('operator', guests.operator),
});
