// Gives a process a share of one core until it ends: `node limiter.cjs <pid> <share>`. As the quota of a control group
// does (https://docs.kernel.org/scheduler/sched-bwc.html), it lets all threads of the process run until they have
// used their share of a period of 20 ms, and stops them until the next one. Prints a line when the limit holds. If the
// program that started it ends first, the process is killed: nobody would continue it.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const PERIOD_MS = 20;
/** A look takes a tenth of this. */
const LEAST_WAIT_MS = 0.15;

const [pid, share] = process.argv.slice(2).map(Number);
const tasks = `/proc/${pid}/task`;
const hasTasks = existsSync(tasks);
const starter = process.ppid;
const bell = new Int32Array(new SharedArrayBuffer(4));

/** setTimeout knows whole milliseconds only. */
function waitUntil(time) {
  const ms = time - performance.now();
  if (ms > 0) Atomics.wait(bell, 0, 0, ms);
}

/** Processor time that the threads have used, exact for those that do not run, and whether one runs. */
function look() {
  let ms = 0;
  let isRunning = false;
  for (const task of readdirSync(tasks)) {
    try {
      const read = (name) => readFileSync(`${tasks}/${task}/${name}`, 'latin1');
      ms += Number(read('schedstat').split(' ', 1)[0]) / 1e6;
      const stat = read('stat');
      isRunning ||= stat[stat.lastIndexOf(')') + 2] === 'R';
    } catch {
      // It has ended meanwhile; what it had used is lost.
    }
  }
  return { ms, isRunning };
}

/** Without /proc a process counts as running while it is not stopped. */
let withoutProcMs = 0;

const signal = (name) => process.kill(pid, name);

/** Stops the process if it runs. @returns what it has used until now, and whether it is stopped */
function measure(since) {
  if (!hasTasks) {
    signal('SIGSTOP');
    withoutProcMs += performance.now() - since;
    return { usedMs: withoutProcMs, isStopped: true };
  }
  let { ms, isRunning } = look();
  if (!isRunning) return { usedMs: ms, isStopped: false };
  signal('SIGSTOP');
  while (isRunning) ({ ms, isRunning } = look());
  return { usedMs: ms, isStopped: true };
}

function limit() {
  const quota = share * PERIOD_MS;
  let left = quota;
  let used = hasTasks ? look().ms : 0;
  let isStopped = false;
  let periodEnds = performance.now() + PERIOD_MS;
  while (process.ppid === starter) {
    for (; performance.now() >= periodEnds; periodEnds += PERIOD_MS) left = Math.min(quota, left + quota);
    if (left <= 0) {
      if (!isStopped) signal('SIGSTOP');
      isStopped = true;
      waitUntil(periodEnds);
      continue;
    }
    if (isStopped) signal('SIGCONT');
    const continuedAt = performance.now();
    waitUntil(Math.min(periodEnds, continuedAt + Math.max(left, LEAST_WAIT_MS)));
    const measured = measure(continuedAt);
    left -= measured.usedMs - used;
    used = measured.usedMs;
    ({ isStopped } = measured);
  }
  signal('SIGKILL');
}

process.stdout.write('limited\n');
try {
  limit();
} catch (error) {
  // It has ended.
  if (error.code !== 'ESRCH' && error.code !== 'ENOENT') throw error;
}
