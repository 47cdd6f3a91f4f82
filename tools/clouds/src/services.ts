import type { RunningService } from './cloud.ts';
import type { ServicePlan } from './service-plan.ts';

interface Host extends RunningService {
  stop(): Promise<void>;
}

export interface ServicesOptions<One extends Host> {
  readonly start: (plan: ServicePlan, port: number) => Promise<One>;
  /** The port of a service; 0 for any free one. */
  readonly portOf: (service: string) => number;
}

/** The processes of the services: each is stopped and started again by its name, at the same port. */
export class Services<One extends Host> {
  readonly #plans: readonly ServicePlan[];
  readonly #options: ServicesOptions<One>;
  readonly #hosts = new Map<string, One>();
  readonly #ports = new Map<string, number>();
  readonly #starting = new Set<string>();

  constructor(plans: readonly ServicePlan[], options: ServicesOptions<One>) {
    this.#plans = plans;
    this.#options = options;
  }

  /** @throws Error when one of them does not start */
  async startAll(): Promise<void> {
    const started = await Promise.allSettled(this.#plans.map((plan) => this.#start(plan)));
    for (const one of started) if (one.status === 'rejected') throw one.reason;
  }

  /** Those that run, in the order of their plans. */
  running(): Readonly<Record<string, RunningService>> {
    const all = this.#plans.flatMap(({ name }) => {
      const host = this.#hosts.get(name);
      return host === undefined ? [] : [[name, toRunning(host)] as const];
    });
    return Object.fromEntries(all);
  }

  /** @throws Error for a service that does not run */
  get(name: string): One {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Error(`The service ${name} does not run.`);
    return host;
  }

  /** Does nothing where it does not run. */
  async stopOne(name: string): Promise<void> {
    await this.#hosts.get(name)?.stop();
  }

  /** @throws Error for a service that runs, that there is not, or that does not start */
  async startOne(name: string): Promise<RunningService> {
    const plan = this.#plans.find((each) => each.name === name);
    if (plan === undefined) throw new Error(`There is no service ${name}.`);
    if (this.#hosts.has(name) || this.#starting.has(name)) throw new Error(`${name} is running already.`);
    return toRunning(await this.#start(plan));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.stop()));
  }

  async #start(plan: ServicePlan): Promise<One> {
    const { name } = plan;
    this.#starting.add(name);
    try {
      const host = await this.#options.start(plan, this.#ports.get(name) ?? this.#options.portOf(name));
      this.#hosts.set(name, host);
      // Others have its address.
      this.#ports.set(name, Number(new URL(host.url).port));
      void host.ended.then(() => this.#hosts.delete(name));
      return host;
    } finally {
      this.#starting.delete(name);
    }
  }
}

const toRunning = ({ url, pid, ended }: RunningService): RunningService => ({ url, pid, ended });
