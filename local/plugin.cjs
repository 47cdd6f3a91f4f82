'use strict';

/**
 * The Serverless plugin that services list as `@orderly/local`. On every command but `offline`
 * (package, deploy, print, ...) it is an empty object and loads nothing.
 */
module.exports = class OrderlyLocal {
  constructor(serverless, _options, { log }) {
    const [command] = serverless.processedInput.commands;
    if (command !== 'offline') return;
    const { offlineHooks } = require('tsx/cjs/api').require('./src/plugin.ts', __filename);
    this.hooks = offlineHooks(serverless, log);
  }
};
