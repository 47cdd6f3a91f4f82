// Loads one packaged function in a process of its own, as Lambda does, calls it once with the event on standard
// input, and prints one JSON line: { loadMs, callMs, memoryMiB, answer }.
const { readFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const [, , file, exported] = process.argv;
const event = JSON.parse(readFileSync(0, 'utf8'));
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };

const start = performance.now();
const handler = require(file)[exported];
const loaded = performance.now();
handler(event, context).then((answer) => {
  const [loadMs, callMs] = [loaded - start, performance.now() - loaded];
  const memoryMiB = peakKiB() / 1024;
  process.stdout.write(`${JSON.stringify({ loadMs, callMs, memoryMiB, answer })}\n`);
});

// Of this program alone: what resourceUsage() reports begins with the pages of the process that started it.
function peakKiB() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
