// Loads one packaged function in a process of its own, as Lambda does, calls it with each of the events on standard
// input (a JSON array), and prints one JSON line: { loadMs, callsMs, memoryMiB, answers }. Says before that it has started.
const { readFileSync, writeSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const { setTimeout: pause } = require('node:timers/promises');

const [, , file, exported] = process.argv;
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 30_000 };
/** A process with a share of a core has its whole share again after a pause, as a container between two invocations. */
const PAUSE_MS = 20;

async function main() {
  // Not by process.stdout, which is made when it is first used: that is a part of the first call.
  writeSync(1, 'started\n');
  const events = JSON.parse(readFileSync(0, 'utf8'));

  const start = performance.now();
  const handler = require(file)[exported];
  const loadMs = performance.now() - start;
  const callsMs = [];
  const answers = [];
  for (const event of events) {
    // Calls begin anywhere in the period of a limit.
    if (callsMs.length > 0) await pause(PAUSE_MS * (1 + Math.random()));
    const called = performance.now();
    answers.push(await handler(event, context));
    callsMs.push(performance.now() - called);
  }
  const memoryMiB = peakKiB() / 1024;
  process.stdout.write(`${JSON.stringify({ loadMs, callsMs, memoryMiB, answers })}\n`);
}

// Of this program alone: what resourceUsage() reports begins with the pages of the process that started it.
function peakKiB() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

void main();
