import { readFileSync } from 'node:fs';
import { isAlive } from './is-alive.ts';

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Gone, or no Linux.
    return '';
  }
};

/** The parent of another process; undefined where there is no /proc to read it from. */
const parentOf = (pid: number): number | undefined => {
  const [, parent] = /\) \S (\d+)/.exec(read(pid, 'stat')) ?? [];
  return parent === undefined ? undefined : Number(parent);
};

/**
 * The processes without which a script of npm shall not go on: the one that started it, and npm itself where that is
 * another. npm runs a script in a shell. Most shells replace themselves with the script's program (bash), some stay and
 * wait (Debian's dash), and such a one outlives an npm that is killed.
 *
 * @param script the command of the script, as npm gives it in `npm_lifecycle_script`
 */
const startersOf = (script: string): readonly number[] => {
  const shell = process.ppid;
  const npm = read(shell, 'cmdline').includes(script) ? parentOf(shell) : undefined;
  return npm === undefined ? [shell] : [shell, npm];
};

const CHECK_MS = 500;

/**
 * Calls `onEnd` once when npm, or the shell in which it runs this script, has ended. npm hands SIGINT and SIGTERM to its
 * shell only, and an npm that is killed hands on nothing. Does nothing outside of npm.
 */
export const watchNpm = (onEnd: () => void, script = process.env.npm_lifecycle_script): void => {
  if (script === undefined) return;
  const parent = process.ppid;
  const starters = startersOf(script);
  const timer = setInterval(() => {
    // On Windows a process keeps the id of a parent that has ended; elsewhere it gets another parent.
    if (process.ppid === parent && starters.every(isAlive)) return;
    clearInterval(timer);
    onEnd();
  }, CHECK_MS);
  timer.unref();
};
