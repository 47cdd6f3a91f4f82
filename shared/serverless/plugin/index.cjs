const { authorization } = require('./authorization.cjs');

/** Each is given the framework and its log, and returns the hooks that it wants called. */
const parts = [
  require('./compress-packages.cjs'),
  require('./finish-roles.cjs'),
  require('./traffic-shifting.cjs'),
  require('./bound-roles.cjs'),
  require('./edge.cjs'),
  authorization,
  require('./encryption.cjs'),
  require('./data-protection.cjs'),
  require('./production.cjs'),
];

/**
 * The Serverless plugin of every service. Hooks of one name are called in the order of the parts, and after those of
 * serverless-esbuild and serverless-iam-roles-per-function, which stand before this plugin in service.yml.
 */
class OrderlyServerless {
  constructor(serverless, _options, { log }) {
    const hooks = new Map();
    for (const [name, hook] of parts.flatMap((part) => Object.entries(part(serverless, log)))) {
      hooks.set(name, [...(hooks.get(name) ?? []), hook]);
    }
    const inTurn = (all) => async () => {
      for (const hook of all) await hook();
    };
    this.hooks = Object.fromEntries([...hooks].map(([name, all]) => [name, inTurn(all)]));
  }
}

module.exports = OrderlyServerless;
