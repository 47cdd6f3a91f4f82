'use strict';

/**
 * The Serverless plugin that services list as `@orderly/local`. On every command but `offline`
 * (package, deploy, print, ...) it is an empty object and loads nothing.
 */
module.exports = class OrderlyLocal {
  constructor(serverless, _options, { log }) {
    const [command] = serverless.processedInput.commands;
    if (command !== 'offline') return;
    // Registered for the whole process: a require of its own would compile every file anew at each start.
    require('tsx/cjs/api').register();
    const { offlineHooks } = require('./src/plugin.ts');
    this.hooks = offlineHooks(serverless, log);
  }
};
