const workerThreads = require('node:worker_threads');
const { Worker, isMainThread } = workerThreads;

/** Only in workers of serverless-offline: bundlers and loaders have workers, too. */
const runsFunctions = (file) => String(file).endsWith('workerThreadHelper.js');

/**
 * For a script that is preloaded (`NODE_OPTIONS=--require`) into the services of a local platform: does `watch` in each
 * worker that runs a function, and has the script preloaded there, too, by `start`.
 *
 * @param script the absolute path of the script
 * @param start makes such a worker; like any other, but with the script, where it is not given
 */
function preloadFunctions(script, watch, start = (file, options) => new Worker(file, options)) {
  if (!isMainThread) {
    if (process.env.AWS_LAMBDA_FUNCTION_NAME) watch();
    return;
  }
  // A worker with an environment of its own does not see NODE_OPTIONS, and takes none of V8's flags.
  const preloaded = (options) => ({ ...options, execArgv: ['--require', script] });
  workerThreads.Worker = new Proxy(workerThreads.Worker, {
    construct: (target, [file, options]) =>
      runsFunctions(file) ? start(file, preloaded(options)) : new target(file, options),
  });
  require('node:module').syncBuiltinESMExports();
}

module.exports = { preloadFunctions };
