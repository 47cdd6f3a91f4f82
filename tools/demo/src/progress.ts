import { SingleBar } from 'cli-progress';

export interface Progress {
  start(total: number): void;
  update(done: number, placed: number): void;
  stop(): void;
}

/** A bar on stderr, or nothing: stdout is for the result. */
export const createProgress = (visible: boolean): Progress => {
  if (!visible) return { start: () => {}, update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream: process.stderr,
    format: 'Orders [{bar}] {value}/{total} decided, {placed} accepted, {duration_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  return {
    start: (total) => bar.start(total, 0, { placed: 0 }),
    update: (done, placed) => bar.update(done, { placed }),
    stop: () => bar.stop(),
  };
};
