// Uses so many milliseconds of processor time once its standard input ends, and prints how long that took:
// `node loop.cjs <milliseconds>`.
const { readFileSync, writeSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const [, , milliseconds] = process.argv;

function usedMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

writeSync(1, 'ready\n');
readFileSync(0);
const [from, before] = [performance.now(), usedMs()];
while (usedMs() - before < Number(milliseconds));
writeSync(1, `${JSON.stringify({ tookMs: performance.now() - from, usedMs: usedMs() - before })}\n`);
