import { bundle, bundleLibrary, type Change, compile } from './sandbox/bundle.ts';
import { privateLibraries, sharedLibrary } from './sandbox/library.ts';
import type { Code, Library, Program } from './sandbox/sandbox.ts';
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
  readonly library: Library;
  /** By the name of a program, what it was bundled from. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** What programs are compiled from; it can be sent to another process. */
export interface Sources {
  readonly stacks: readonly Stack[];
  readonly present: Readonly<Record<string, string>>;
  readonly next: Readonly<Record<string, string>>;
  readonly guests: Readonly<Record<'customers' | 'operator', string>>;
  /** The packages that they use. */
  readonly library: string;
  readonly files: Programs['files'];
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

type Bundles = Awaited<ReturnType<typeof bundle>>;

const textsOf = (bundles: Bundles): Readonly<Record<string, string>> =>
  Object.fromEntries([...bundles].map(([name, { text }]) => [name, text]));

/**
 * Bundles everything: some seconds.
 * @throws Error when a part of the SDK is not where it was
 */
export async function bundleAll(): Promise<Sources> {
  const stacks = await readStacks();
  const entries = entriesOf(stacks);
  const [present, next, guests] = [
    await bundle(entries),
    await bundle(entries, [NEXT_RELEASE]),
    await bundle(GUESTS),
  ];
  const packages = [...present.values(), ...guests.values()].flatMap((each) => each.packages);
  return {
    stacks,
    library: await bundleLibrary([...new Set(packages)].sort()),
    present: textsOf(present),
    next: textsOf(next),
    guests: { customers: guests.get('customers')?.text ?? '', operator: guests.get('operator')?.text ?? '' },
    files: Object.fromEntries([...present, ...guests].map(([name, { files }]) => [name, files])),
  };
}

/** Compiles when it is called first: most runs need no next release. */
function compiled(name: string, text: string): Code {
  let code: Code | undefined;
  return (...values) => {
    code ??= compile(name, text);
    code(...values);
  };
}

const compileEach = (
  texts: Readonly<Record<string, string>>,
  library: Library,
): ReadonlyMap<string, Program> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, { code: compiled(name, text), library }]));

/** @param isolated every program has its own copy of the packages */
export function compileAll(sources: Sources, { isolated = false } = {}): Programs {
  const { stacks, present, next, guests, files } = sources;
  const packages = compiled('library', sources.library);
  const library = isolated ? privateLibraries(packages) : sharedLibrary(packages);
  return {
    ...{ stacks, files, library },
    present: compileEach(present, library),
    next: compileEach(next, library),
    customers: { code: compiled('customers', guests.customers), library },
    operator: { code: compiled('operator', guests.operator), library },
  };
}

/**
 * The programs with a place in the sources that is different, in this release and in the next.
 * @throws Error when the place is not there once
 */
export async function withChange(programs: Programs, change: Change): Promise<Programs> {
  const { stacks, files, library } = programs;
  const isChanged = ([name]: readonly [string, string]): boolean => (files[name] ?? []).includes(change.file);
  const entries = Object.fromEntries(Object.entries(entriesOf(stacks)).filter(isChanged));
  const guests = Object.fromEntries(Object.entries(GUESTS).filter(isChanged));
  const build = async (paths: Readonly<Record<string, string>>, ...changes: readonly Change[]) =>
    Object.keys(paths).length === 0 ? [] : compileEach(textsOf(await bundle(paths, changes)), library);
  return {
    ...programs,
    present: new Map([...programs.present, ...(await build(entries, change))]),
    next: new Map([...programs.next, ...(await build(entries, change, NEXT_RELEASE))]),
    ...Object.fromEntries(await build(guests, change)),
  };
}
