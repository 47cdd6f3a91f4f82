import { type Profile, timesByLayer } from '../src/cold-start/attribution.ts';
import {
  compilingLayer,
  garbageLayer,
  type Layer,
  layerOfSource,
  modulesLayer,
  nativeLayer,
  nodeLayer,
} from '../src/cold-start/layers.ts';
import { profileTable } from '../src/cold-start/profile-table.ts';

const bundle = 'file:///bundle.js';

/** A node for each function that has called the one after it, from the root; 1 ms of samples in the last. */
function profileOf(...stacks: readonly (readonly [name: string, url: string, line?: number][])[]): Profile {
  let id = 0;
  const all = stacks.flatMap((stack) => {
    const nodes = [['(root)', ''] as const, ...stack].map(([functionName, url, line]) => ({
      id: ++id,
      callFrame: { functionName, url, lineNumber: 0 },
      children: [id + 1],
      ...(line !== undefined && { positionTicks: [{ line, ticks: 1 }] }),
    }));
    return nodes.map((node, place) => (place === stack.length ? { ...node, children: [] } : node));
  });
  const samples = all.filter(({ children }) => children.length === 0).map((node) => node.id);
  return { nodes: all, samples, timeDeltas: [0, ...samples.map(() => 1_000)] };
}

const sources = ['', 'node_modules/valibot/dist/index.mjs', 'shared/functions/src/aws/table.ts'];
const timesOf = (profile: Profile) =>
  Object.fromEntries(
    timesByLayer(
      profile,
      (url) => url === bundle,
      (line) => sources[line],
    ),
  );

it('code of the bundle counts by the file of its lines, and what it calls of V8 with it', () => {
  expect(
    timesOf(
      profileOf(
        [['f', bundle, 1]],
        [
          ['f', bundle, 2],
          ['parse', ''],
        ],
      ),
    ),
  ).toEqual({ valibot: 1, 'our toolkit: shared/functions': 1 });
});

it('a function whose lines have several sources is shared out by its samples', () => {
  const { nodes, ...rest } = profileOf([['', bundle, 1]]);
  const positionTicks = [
    { line: 1, ticks: 1 },
    { line: 2, ticks: 3 },
  ];
  const mixed = nodes.map((node) => (node.callFrame.url === bundle ? { ...node, positionTicks } : node));

  expect(timesOf({ nodes: mixed, ...rest })).toEqual({
    valibot: 0.25,
    'our toolkit: shared/functions': 0.75,
  });
});

it('tells what Node.js compiles, loads of its own and does; neither waiting nor the profiler counts', () => {
  expect(
    timesOf(
      profileOf(
        [['wrapSafe', 'node:internal/modules/cjs/loader']],
        [
          ['compileForPublicLoader', 'node:internal/bootstrap/realm'],
          ['', 'node:http'],
        ],
        [
          ['request', bundle, 1],
          ['request', 'node:http'],
        ],
        [['(garbage collector)', '']],
        [['(program)', '']],
        [['(idle)', '']],
        [['post', 'node:inspector']],
      ),
    ),
  ).toEqual({ [compilingLayer]: 1, [modulesLayer]: 1, [nodeLayer]: 1, [garbageLayer]: 1, [nativeLayer]: 1 });
});

const ofSource: readonly (readonly [source: string, layer: Layer])[] = [
  ['services/orders/src/functions/place-order.ts', 'our service: the function itself'],
  ['shared/contracts/src/values.ts', 'our contracts: shared/contracts'],
  [
    'node_modules/@smithy/core/dist-es/submodules/endpoints/util-endpoints/lib/parseURL.js',
    'AWS SDK: endpoints',
  ],
  ['node_modules/@aws-sdk/client-dynamodb/dist-es/endpoint/bdd.js', 'AWS SDK: endpoints'],
  [
    'node_modules/@aws-sdk/client-dynamodb/dist-es/schemas/schemas_0.js',
    'AWS SDK: protocol, schemas, serialization',
  ],
  ['node_modules/@aws-sdk/client-dynamodb/dist-es/models/errors.js', "AWS SDK: DynamoDB's client"],
  ['node_modules/@smithy/signature-v4/dist-es/SignatureV4.js', 'AWS SDK: credentials and signature'],
  [
    'node_modules/@smithy/core/dist-es/submodules/retry/util-retry/StandardRetryStrategy.js',
    'AWS SDK: client, middleware, settings, retries, requests',
  ],
  ['node_modules/elsewhere/index.js', 'other code in the bundle'],
];

it.each(ofSource)('%s is %s', (source, layer) => {
  expect(layerOfSource(source)).toBe(layer);
});

it('the table has the share of each layer, and its sum', () => {
  const { rows } = profileTable({
    version: '24.0.0',
    variants: [
      { name: 'bare', processes: 2, layers: [{ name: nodeLayer, kb: 0, ms: 30 }] },
      {
        name: 'ours',
        processes: 2,
        layers: [
          { name: nodeLayer, kb: 0, ms: 30 },
          { name: 'valibot', kb: 8, ms: 10 },
        ],
      },
    ],
  });

  expect(rows).toEqual([
    [nodeLayer, '', '30.0', '100 %', '', '30.0', '75 %'],
    ['valibot', '', '0.0', '0 %', '8.0', '10.0', '25 %'],
    ['all', '', '30.0', '100 %', '8.0', '40.0', '100 %'],
  ]);
});
