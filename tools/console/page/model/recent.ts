/** What comes of at most `capacity` entries, the newest last; one that comes again replaces the older in its place. */
export class Recent<Entry> {
  private entries: Entry[] = [];
  private places = new Map<string, number>();
  /** How many were removed from `entries`, so that places stay right. */
  private removed = 0;

  constructor(
    private readonly capacity: number,
    private readonly idOf: (entry: Entry) => string,
  ) {}

  add(news: readonly Entry[]): void {
    for (const entry of news) {
      const id = this.idOf(entry);
      const index = (this.places.get(id) ?? -1) - this.removed;
      if (index >= 0) this.entries[index] = entry;
      else this.places.set(id, this.entries.push(entry) - 1 + this.removed);
    }
    // Now and then, since removing from the front moves all others.
    if (this.entries.length > this.capacity * 1.1) this.trim();
  }

  private trim(): void {
    const old = this.entries.splice(0, this.entries.length - this.capacity);
    for (const entry of old) this.places.delete(this.idOf(entry));
    this.removed += old.length;
  }

  /** The newest, in the order in which they came. */
  all(): readonly Entry[] {
    return this.entries.slice(-this.capacity);
  }

  /** Starts anew with these, the newest last. */
  replace(entries: readonly Entry[]): void {
    this.entries = [];
    this.places = new Map();
    this.removed = 0;
    this.add(entries);
  }
}
