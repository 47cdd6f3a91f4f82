const { readFileSync } = require('node:fs');

/** The SDK bundles its package.json whole, scripts and all, to read one field of it: a kilobyte of each zip. */
const versionOnly = {
  name: 'version-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** The names that a module exports, as the compiled SDK writes them. */
const exportsOf = (source) =>
  [...source.matchAll(/^\s*export (?:const|class|(?:async )?function) (\w+)/gm)]
    .map(([, name]) => name)
    .sort();

/**
 * A plugin that bundles `contents` in place of a file of the SDK. The bundle fails when that file no longer exports
 * what `contents` does: then somebody has to look at it.
 */
const inPlaceOf = (filter, name, contents) => ({
  name,
  setup(build) {
    build.onLoad({ filter }, ({ path }) => {
      const [theirs, ours] = [readFileSync(path, 'utf8'), contents].map((source) => exportsOf(source).join());
      if (theirs === ours) return { contents };
      return { errors: [{ text: `${path} exports ${theirs || 'nothing'}, and "${name}" expects ${ours}` }] };
    });
  },
});

/**
 * The DynamoDB client makes itself a cache of endpoints, and no command of it looks one up: two kilobytes of each
 * zip with what the cache is built of.
 */
const noEndpointCache = inPlaceOf(
  /[\\/]@aws-sdk[\\/]endpoint-cache[\\/].*[\\/]EndpointCache\.js$/,
  'no-endpoint-cache',
  'export class EndpointCache {}',
);

/**
 * Each setting that the environment lacks the SDK looks up in `~/.aws/config`, on the first call of every container; a
 * function has no such file.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
const noConfigFiles = inPlaceOf(
  /[\\/]node-config-provider[\\/]fromSharedConfigFiles\.js$/,
  'no-config-files',
  `import { CredentialsProviderError } from '../property-provider/CredentialsProviderError';
  export const fromSharedConfigFiles = () => async () => {
    throw new CredentialsProviderError('Bundled without shared config files', {});
  };`,
);

/**
 * Lambda sets the role's credentials in the environment: a function needs no other way to find some.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const environmentCredentials = inPlaceOf(
  /[\\/]credential-provider-node[\\/].*[\\/]defaultProvider\.js$/,
  'environment-credentials',
  `import { fromEnv } from '@aws-sdk/credential-provider-env';
  export const defaultProvider = (init) => fromEnv(init);
  export const credentialsWillNeedRefresh = (credentials) => credentials?.expiration !== undefined;
  export const credentialsTreatedAsExpired = credentialsWillNeedRefresh;`,
);

/** Lambda sets AWS_REGION, so nobody has to ask EC2 for it. */
const noInstanceMetadata = inPlaceOf(
  /[\\/]regionConfig[\\/]getInstanceMetadataRegion\.js$/,
  'no-instance-metadata',
  'export const getInstanceMetadataRegion = async () => undefined;',
);

/**
 * Only to mention `Blob` or `ReadableStream` makes Node.js load what is behind them; the SDK mentions both for every
 * answer that it reads. An answer is a stream of Node.js, which can be told without.
 */
const nodeStreamsFirst = inPlaceOf(
  /[\\/]util-stream[\\/]stream-type-check\.js$/,
  'node-streams-first',
  `const isNodeStream = (stream) => typeof stream?.pipe === 'function';
  const isA = (name, value) =>
    value?.constructor?.name === name || (typeof globalThis[name] === 'function' && value instanceof globalThis[name]);
  export const isReadableStream = (stream) => !isNodeStream(stream) && isA('ReadableStream', stream);
  export const isBlob = (blob) => !isNodeStream(blob) && isA('Blob', blob);`,
);

/** In the same way, `crypto` loads Web Crypto. The random UUIDs of `node:crypto` are the same. */
const nodeUuids = inPlaceOf(
  /[\\/]serde[\\/]uuid[\\/]v4\.js$/,
  'node-uuids',
  `import { randomUUID } from 'node:crypto';
  export function bindV4() {
    return () => randomUUID();
  }`,
);

/** Only messages of event streams have such headers, and no function has event streams. */
const noEventHeaders = inPlaceOf(
  /[\\/]signature-v4[\\/].*[\\/]HeaderFormatter\.js$/,
  'no-event-headers',
  `export class HeaderFormatter {
    format() {
      throw new Error('Bundled without event streams');
    }
  }
  export class Int64 {}`,
);

/** Clients retry in the mode `standard`: shared/functions/src/aws/client-config.ts. */
const standardRetriesOnly = inPlaceOf(
  /[\\/]util-retry[\\/]AdaptiveRetryStrategy\.js$/,
  'standard-retries-only',
  `export class AdaptiveRetryStrategy {
    constructor() {
      throw new Error('Bundled without the retry mode "adaptive"');
    }
  }`,
);

/** What endpoints of S3 need to know of buckets, in every client. */
const noBuckets = inPlaceOf(
  /[\\/]service-customizations[\\/]s3\.js$/,
  'no-buckets',
  `export const resolveParamsForS3 = async (params) => params;
  export const DOT_PATTERN = /\\./;
  export const S3_HOSTNAME_PATTERN = /^$/;
  export const isDnsCompatibleBucketName = () => false;
  export const isArnBucketName = () => false;`,
);

/** A SHA-256 in JavaScript, for a Node.js that was built without cryptography. */
const nativeSha256Only = {
  name: 'native-sha256-only',
  setup(build) {
    build.onResolve({ filter: /^\.\/Sha256Js$/ }, ({ importer }) =>
      /[\\/]Sha256Node\.js$/.test(importer)
        ? { path: 'Sha256Js', namespace: 'native-sha256-only' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'native-sha256-only' }, () => ({
      contents: 'export const Sha256Js = undefined;',
    }));
  },
};

/**
 * A bundler keeps each schema of a file whose calls it cannot tell to be pure, used or not: a function would load the
 * schemas of all events and routes. Those of valibot only make objects, and so do the makers in limits.ts.
 */
const pureSchemas = {
  name: 'pure-schemas',
  setup(build) {
    build.onLoad(
      { filter: /[\\/](?:shared[\\/]contracts|services[\\/][^\\/]+)[\\/]src[\\/].*\.ts$/ },
      ({ path }) => {
        const source = readFileSync(path, 'utf8');
        if (!source.includes(" as v from 'valibot'")) return undefined;
        const calls = /(?<![\w.])(?:v\.(?!parse|safeParse)[a-z]\w*|anyText|notText|sourceOf|integer|text)\(/g;
        return { contents: source.replace(calls, '/* @__PURE__ */ $&'), loader: 'ts' };
      },
    );
  },
};

module.exports = [
  pureSchemas,
  versionOnly,
  noEndpointCache,
  noConfigFiles,
  environmentCredentials,
  noInstanceMetadata,
  nodeStreamsFirst,
  nodeUuids,
  noEventHeaders,
  standardRetriesOnly,
  noBuckets,
  nativeSha256Only,
];
