// The entry of a package with a code cache.
const { readFileSync } = require('node:fs');
const { Module } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, 'bundle.js');
const cachedData = readFileSync(join(__dirname, 'bundle.cache'));
const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), { filename, cachedData });
if (script.cachedDataRejected) throw new Error('V8 rejects the code cache');
script.runInThisContext()(exports, require, module, filename, __dirname);
