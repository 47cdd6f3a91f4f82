import { createProgress } from '@orderly/cli/progress';
import type { Progress } from './worker.ts';

export interface OrdersBarOptions {
  readonly total: number;
  /** Orders of an earlier start. */
  readonly before: number;
  readonly visible: boolean;
}

/** Orders of several seeds that run side by side, on one bar. */
export class OrdersBar {
  readonly #running = new Map<number, number>();
  readonly #bar: ReturnType<typeof createProgress>;
  readonly #begun = performance.now();
  readonly #options: OrdersBarOptions;
  #done: number;

  constructor(options: OrdersBarOptions) {
    this.#options = options;
    this.#bar = createProgress('Orders', options.total, options.visible);
    this.#done = options.before;
    this.#draw();
  }

  /** How far a seed is. */
  readonly update = (seed: number, { orders }: Pick<Progress, 'orders'>): void => {
    this.#running.set(seed, orders);
    this.#draw();
  };

  /** A seed is done. */
  end(seed: number, orders: number): void {
    this.#running.delete(seed);
    this.#done += orders;
    this.#draw();
  }

  stop(): void {
    this.#bar.stop();
  }

  #draw(): void {
    const { total, before } = this.#options;
    const orders = [...this.#running.values()].reduce((sum, each) => sum + each, this.#done);
    const perSecond = ((orders - before) / (performance.now() - this.#begun)) * 1000;
    const left = perSecond > 0 ? `, ${timeLeft((total - orders) / perSecond)} left` : '';
    this.#bar.update(Math.min(orders, total), `, ${perSecond.toFixed(1)} orders/s${left}`);
  }
}

function timeLeft(seconds: number): string {
  const minutes = Math.ceil(Math.max(0, seconds) / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
