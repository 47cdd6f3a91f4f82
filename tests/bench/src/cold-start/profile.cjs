// Loads a function and calls it once with the event on standard input (a JSON array of one), as invoke.cjs does, and
// prints the profile of just that by V8's sampling profiler: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/
const { readFileSync } = require('node:fs');
const { Session } = require('node:inspector/promises');

const [, , file, exported] = process.argv;
const [event] = JSON.parse(readFileSync(0, 'utf8'));
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
/** In microseconds. */
const interval = 200;

async function main() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval });
  await session.post('Profiler.start');
  await require(file)[exported](event, context);
  const { profile } = await session.post('Profiler.stop');
  process.stdout.write(`${JSON.stringify(profile)}\n`);
}

void main();
