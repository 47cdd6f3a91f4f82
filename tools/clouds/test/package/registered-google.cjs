// Loads bundles of functions with Google's own framework, one after the other, and prints the entry points that each of
// them adds, as JSON by bundle.
const { createRequire } = require('node:module');

const [, , entryPoints, ...bundles] = process.argv;
const { getFunction } = createRequire(bundles[0])('@google-cloud/functions-framework/testing');
const registered = () => entryPoints.split(' ').filter((name) => getFunction(name) !== undefined);

const added = {};
for (const bundle of bundles) {
  const before = registered();
  require(bundle);
  added[bundle] = registered().filter((name) => !before.includes(name));
}
process.stdout.write(`\n${JSON.stringify(added)}`);
process.exit(0);
