// Writes V8's code cache of a bundle, which from-code-cache.cjs loads: `node code-cache.cjs <bundle> <cache>`. The very
// Node.js that will read the cache has to write it; V8 takes no other's.
// https://nodejs.org/docs/latest-v22.x/api/vm.html#scriptcreatecacheddata
const { readFileSync, writeFileSync } = require('node:fs');
const { Module } = require('node:module');
const { Script } = require('node:vm');

const [, , bundle, cache] = process.argv;
const script = new Script(Module.wrap(readFileSync(bundle, 'utf8')), { filename: bundle });
// What has run is compiled, and comes into the cache too.
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, require, module_, bundle, __dirname);
writeFileSync(cache, script.createCachedData());
