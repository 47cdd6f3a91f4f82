#!/usr/bin/env node
'use strict';

const { join } = require('node:path');

// Set before tsx reads it: packages of this repository resolve to their sources, from whatever folder this is called.
process.env.TSX_TSCONFIG_PATH = join(__dirname, '../../../tsconfig.json');
// A note of the AWS SDK for its developers.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// What the publisher's code logs is for functions; people are told otherwise.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
require('tsx/cjs');

const { main } = require('../src/main.ts');

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
