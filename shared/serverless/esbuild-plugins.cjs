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

/**
 * The DynamoDB client makes itself a cache of endpoints, and no command of it looks one up: two kilobytes of each
 * zip with what the cache is built of.
 */
const noEndpointCache = {
  name: 'no-endpoint-cache',
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]endpoint-cache[\\/]/ }, () => ({
      contents: 'export class EndpointCache {}',
    }));
  },
};

module.exports = [versionOnly, noEndpointCache];
