import {
  garbageLayer,
  type Layer,
  layerOfNode,
  layerOfSource,
  loadsModule,
  modulesLayer,
  nativeLayer,
  nodeLayer,
} from './layers.ts';

/** https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile, as far as it is read. */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** The node of each sample. */
  readonly samples: readonly number[];
  /** Microseconds from one sample to the next. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  /** The line, from 0, is where the function begins. A native function has no script. */
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
  readonly children?: readonly number[];
  /** Samples by the line, from 1, that they were in. */
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/** Finds the source of a line, from 1, of the bundle. */
export type SourceOf = (line: number) => string | undefined;

/** Milliseconds by layer. */
export type LayerTimes = ReadonlyMap<Layer, number>;

/** Nodes that are no functions, and where their time counts; nowhere while the process waits. */
const notFunctions: Readonly<Record<string, Layer | undefined>> = {
  '(garbage collector)': garbageLayer,
  '(program)': nativeLayer,
  '(root)': nativeLayer,
  '(idle)': undefined,
};

/** Microseconds of each node itself. */
function selfTimes({ samples, timeDeltas }: Profile): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  // A delta is the time before its sample.
  for (const [place, id] of samples.entries()) {
    times.set(id, (times.get(id) ?? 0) + (timeDeltas[place + 1] ?? 0));
  }
  return times;
}

/**
 * What each layer took of a profile, by the file that the code was written in; a native function counts as its caller.
 *
 * @param isBundle whether a script is the bundle that was profiled
 */
export function timesByLayer(
  profile: Profile,
  isBundle: (url: string) => boolean,
  sourceOf: SourceOf,
): LayerTimes {
  const times = new Map<Layer, number>();
  const self = selfTimes(profile);
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  );
  const add = (layer: Layer | undefined, microseconds: number) => {
    if (layer !== undefined) times.set(layer, (times.get(layer) ?? 0) + microseconds / 1000);
  };

  /** The node and who has called it, and so on; the root is no function. */
  function stackOf(node: ProfileNode): readonly ProfileNode[] {
    const parent = parents.get(node.id);
    return parent === undefined ? [] : [node, ...stackOf(parent)];
  }

  function addBundled({ callFrame, positionTicks = [] }: ProfileNode, microseconds: number): void {
    const ticked = positionTicks.length > 0 ? positionTicks : [{ line: callFrame.lineNumber + 1, ticks: 1 }];
    const all = ticked.reduce((sum, { ticks }) => sum + ticks, 0);
    for (const { line, ticks } of ticked) {
      add(layerOfSource(sourceOf(line) ?? ''), (microseconds * ticks) / all);
    }
  }

  function addNode(node: ProfileNode, microseconds: number): void {
    const { functionName } = node.callFrame;
    const stack = stackOf(node);
    const script = stack.find(({ callFrame }) => callFrame.url !== '');
    if (functionName in notFunctions) add(notFunctions[functionName], microseconds);
    else if (stack.some(({ callFrame }) => loadsModule(callFrame.functionName)))
      add(modulesLayer, microseconds);
    else if (script === undefined) add(nodeLayer, microseconds);
    else if (isBundle(script.callFrame.url)) addBundled(script, microseconds);
    else add(layerOfNode(script.callFrame.url), microseconds);
  }

  for (const node of profile.nodes) {
    const microseconds = self.get(node.id);
    if (microseconds !== undefined) addNode(node, microseconds);
  }
  return times;
}
