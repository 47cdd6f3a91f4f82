// Loads files one after the other in a process of its own, as a platform does in a new container, and prints one JSON line:
// { loadMs, memoryMiB }.
const { readFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const start = performance.now();
for (const file of process.argv.slice(2)) require(file);
const loadMs = performance.now() - start;
process.stdout.write(`\n${JSON.stringify({ loadMs, memoryMiB: peakKiB() / 1024 })}\n`);
process.exit();

// As in invoke.cjs.
function peakKiB() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
