/** Layers of a cold start, in the order of the table. What matches first counts. */
const inBundle = [
  ['our service: the function itself', /(^|\/)(services|peers)\//],
  ['our toolkit: shared/functions', /(^|\/)shared\/functions\//],
  ['our contracts: shared/contracts', /(^|\/)shared\/contracts\//],
  ['valibot', /node_modules\/valibot\//],
  [
    'AWS SDK: endpoints',
    /@smithy\/core\/.*\/endpoints\/|@aws-sdk\/core\/.*\/util-endpoints\/|client-dynamodb\/.*\/endpoint\/|endpoint-(cache|discovery)\//,
  ],
  [
    'AWS SDK: credentials and signature',
    /@smithy\/signature-v4\/|credential-provider|\/httpAuthSchemes\/|http-auth-scheme|\/checksum\//,
  ],
  [
    'AWS SDK: protocol, schemas, serialization',
    /\/submodules\/(protocols|serde|schema)\/|\/client-dynamodb\/.*\/schemas\/|dynamodb-codec\/|util-dynamodb\//,
  ],
  ["AWS SDK: DynamoDB's client", /@aws-sdk\/client-dynamodb\//],
  ['AWS SDK: client, middleware, settings, retries, requests', /node_modules\/@(smithy|aws-sdk|aws)\//],
  ['other code in the bundle', /(?:)/],
] as const;

/** Not by a source in the bundle. */
export const compilingLayer = 'Node.js: finding and compiling the bundle';
export const modulesLayer = 'Node.js: loading modules of its own';
export const nodeLayer = 'Node.js: HTTP, sockets, streams, the rest';
export const garbageLayer = 'garbage collection';
export const nativeLayer = 'native code outside of any function';

export type Layer =
  | (typeof inBundle)[number][0]
  | typeof compilingLayer
  | typeof modulesLayer
  | typeof nodeLayer
  | typeof garbageLayer
  | typeof nativeLayer;

export const layers: readonly Layer[] = [
  compilingLayer,
  modulesLayer,
  nodeLayer,
  ...inBundle.map(([name]) => name),
  garbageLayer,
  nativeLayer,
];

/** @param source the path of a file that is bundled */
export function layerOfSource(source: string): Layer {
  const [name] = inBundle.find(([, pattern]) => pattern.test(source)) ?? [
    'other code in the bundle' as const,
  ];
  return name;
}

/**
 * @param url of a script that comes with Node.js, e.g. `node:internal/modules/cjs/loader`
 * @returns undefined for the profiler itself
 */
export function layerOfNode(url: string): Layer | undefined {
  if (/^node:(internal\/)?inspector/.test(url)) return undefined;
  return url.startsWith('node:internal/modules/') ? compilingLayer : nodeLayer;
}

/** Functions of Node.js that load a module of its own, and call nothing else. */
export const loadsModule = (functionName: string): boolean =>
  /^compileFor(Internal|Public)Loader$/.test(functionName);
