'use strict';

/**
 * Runs several commands of the Serverless Framework in this one process, one after the other: to load the framework and its
 * plugins takes longer than most commands. The parent sends the commands, and gets each result.
 */
const framework = require.resolve('serverless/scripts/serverless.js');
const logDeprecation = require('serverless/lib/utils/log-deprecation');
const resolveInput = require('serverless/lib/cli/resolve-input');

const inherited = { ...process.env };

/** @returns what the command prints while it runs */
async function run({ cwd, argv, env }) {
  process.chdir(cwd);
  process.argv = [process.argv[0], framework, ...argv];
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env ?? inherited);
  process.exitCode = 0;
  resolveInput.clear();
  // The framework's program runs when it is loaded; esbuild resolves paths from where it was loaded.
  for (const file of Object.keys(require.cache)) {
    if (file === framework || /[\\/]node_modules[\\/](serverless-)?esbuild[\\/]/.test(file))
      delete require.cache[file];
  }
  const printed = { stdout: '', stderr: '' };
  const restore = ['stdout', 'stderr'].map((name) => capture(name, (text) => (printed[name] += text)));
  await new Promise((done) => {
    const { printSummary } = logDeprecation;
    // The last thing that the program does, whether the command has failed or not.
    logDeprecation.printSummary = async () => {
      logDeprecation.printSummary = printSummary;
      await printSummary();
      setImmediate(done);
    };
    require(framework);
  });
  for (const each of restore) each();
  return { ...printed, code: process.exitCode };
}

function capture(name, onText) {
  const stream = process[name];
  const { write } = stream;
  stream.write = (chunk, ...rest) => {
    onText(String(chunk));
    rest.find((each) => typeof each === 'function')?.();
    return true;
  };
  return () => {
    stream.write = write;
  };
}

process.once('message', async (commands) => {
  for (const command of commands) {
    const result = await run(command);
    await new Promise((sent) => process.send(result, sent));
  }
  process.exitCode = 0;
  // The framework's timers and esbuild's processes go on.
  process.disconnect();
  process.exit();
});
