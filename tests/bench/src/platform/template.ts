/** A text with places for values, made from a text that has certain values in these places. */
export class Template {
  readonly #literals: readonly string[];
  /** Which value stands after each literal but the last. */
  readonly #places: readonly number[];

  /** @param values no one of them is part of another */
  constructor(text: string, values: readonly string[]) {
    const pattern = new RegExp(`(${values.map((value) => value.replace(/[^\w-]/g, '\\$&')).join('|')})`);
    const parts = text.split(pattern);
    this.#literals = parts.filter((_, at) => at % 2 === 0);
    this.#places = parts.filter((_, at) => at % 2 === 1).map((value) => values.indexOf(value));
  }

  /** @param values as many as the template was made with */
  render(values: readonly string[]): string {
    const filled = this.#places.map((place, at) => `${this.#literals[at]}${values[place]}`);
    return `${filled.join('')}${this.#literals.at(-1)}`;
  }
}
