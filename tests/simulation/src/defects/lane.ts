import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Ran, Task } from './worker.ts';

/** A process that makes one run after the other. */
export class Lane {
  readonly #process: ChildProcess = fork(join(__dirname, 'worker.ts'), {
    execArgv: ['--max-semi-space-size=64', '--require', 'tsx/cjs'],
  });

  /** @throws Error when the process has ended */
  async run(task: Task): Promise<Ran> {
    this.#process.send(task);
    const ended = new AbortController();
    const { signal } = ended;
    try {
      const answer = once(this.#process, 'message', { signal });
      const end = once(this.#process, 'exit', { signal }).then(([code, killed]) => {
        throw new Error(`The process for seed ${task.seed} has ended with ${code ?? killed}`);
      });
      const [ran] = await Promise.race([answer, end]);
      return ran;
    } finally {
      ended.abort();
    }
  }

  end(): void {
    this.#process.disconnect();
  }
}
