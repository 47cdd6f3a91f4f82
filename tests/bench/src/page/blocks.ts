/** What a document takes from the benchmark stands between `<!-- figures: name -->` and `<!-- /figures -->`. */
const block = /(<!-- figures: (\S+) -->\n)[\s\S]*?(<!-- \/figures -->)/g;

/**
 * Puts contents into a document's blocks.
 *
 * @throws RangeError for a block whose name has no content
 */
export function fillBlocks(document: string, contents: ReadonlyMap<string, string>): string {
  return document.replace(block, (_, begin: string, name: string, end: string) => {
    const content = contents.get(name);
    if (content === undefined) {
      throw new RangeError(`There are no figures ${name}; there are ${[...contents.keys()].join(', ')}`);
    }
    return `${begin}\n${content}\n\n${end}`;
  });
}

/** The names of a document's blocks, in order. */
export const blockNames = (document: string): readonly string[] =>
  [...document.matchAll(block)].map(([, , name = '']) => name);
