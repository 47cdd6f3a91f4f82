import { SingleBar } from 'cli-progress';

export interface Progress {
  /**
   * @param done how many of the total, all in all
   * @param note what stands behind the bar
   */
  update(done: number, note?: string): void;
  stop(): void;
}

/** A bar on stderr, or nothing: stdout is for the result. */
export function createProgress(what: string, total: number, visible: boolean): Progress {
  if (!visible) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${what} [{bar}] {value}/{total}, {duration_formatted}{note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  bar.start(total, 0, { note: '' });
  return { update: (done, note = '') => bar.update(done, { note }), stop: () => bar.stop() };
}
