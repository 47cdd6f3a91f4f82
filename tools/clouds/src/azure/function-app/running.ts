/** What the host has to let end before it stops. */
export class Running {
  readonly #all = new Set<Promise<unknown>>();

  async add<T>(work: Promise<T>): Promise<T> {
    this.#all.add(work);
    try {
      return await work;
    } finally {
      this.#all.delete(work);
    }
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#all);
  }
}
