import type { RunningService } from './cloud.ts';

/** The process of a service. */
export interface ServiceProcess extends RunningService {
  stop(): Promise<void>;
}

/** The processes of all services, each of which can be killed and started again at its port. */
export class Processes<Process extends ServiceProcess> {
  /** By name, as they are now. */
  readonly services: Record<string, RunningService> = {};
  readonly #start: (service: string, port: number) => Promise<Process>;
  readonly #processes = new Map<string, Process>();
  readonly #starting = new Set<Promise<unknown>>();
  #isStopping = false;

  /** @param start starts a service's process at a port, 0 for any free one */
  constructor(start: (service: string, port: number) => Promise<Process>) {
    this.#start = start;
  }

  /** @throws Error for a service that was not started */
  get(service: string): Process {
    const running = this.#processes.get(service);
    if (running === undefined) throw new Error(`There is no service ${service}`);
    return running;
  }

  /** @throws Error when it does not start */
  async start(service: string, port: number): Promise<Process> {
    const starting = this.#start(service, port);
    this.#starting.add(starting);
    try {
      const started = await starting;
      this.#processes.set(service, started);
      const { url, pid, ended } = started;
      this.services[service] = { url, pid, ended };
      return started;
    } finally {
      this.#starting.delete(starting);
    }
  }

  /**
   * Kills the process of a service at once, in the middle of whatever it does, and starts it again at the same port.
   *
   * @returns once it answers again
   * @throws Error when it does not start
   */
  async restart(service: string): Promise<void> {
    const { url, pid, ended } = this.get(service);
    process.kill(pid, 'SIGKILL');
    await ended;
    if (!this.#isStopping) await this.start(service, Number(new URL(url).port));
  }

  /** Stops all, also those that are about to start. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#processes.values()].map((running) => running.stop()));
  }
}
