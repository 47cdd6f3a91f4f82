import type { Cores } from './cores.ts';
import { Line } from './line.ts';

interface Task {
  readonly cpuMs: number;
  readonly done: () => void;
}

/** A program with one thread: its tasks follow one another, and it shares the cores with other programs. */
export class Program {
  readonly #cores: Cores;
  readonly #line = new Line<Task>();
  #busy = false;

  constructor(cores: Cores) {
    this.#cores = cores;
  }

  run(cpuMs: number, done: () => void): void {
    this.#line.push({ cpuMs, done });
    if (!this.#busy) this.#next();
  }

  #next(): void {
    const task = this.#line.take();
    this.#busy = task !== undefined;
    if (task === undefined) return;
    this.#cores.run(task.cpuMs, () => {
      task.done();
      this.#next();
    });
  }
}
