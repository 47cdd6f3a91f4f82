import { blockNames, fillBlocks } from '../src/page/blocks.ts';

const page = [
  '# Page',
  '<!-- figures: one -->',
  'old',
  '<!-- /figures -->',
  'Prose.',
  '<!-- figures: two -->',
  '<!-- /figures -->',
  '',
].join('\n');

describe('the blocks of a page', () => {
  const contents = new Map([
    ['one', '1 $&'],
    ['two', '2'],
  ]);

  it('take their figures, and the rest stays, also when filled with the same again', () => {
    const filled = fillBlocks(page, contents);

    expect(filled).toBe(
      [
        '# Page',
        '<!-- figures: one -->\n\n1 $&\n\n<!-- /figures -->',
        'Prose.',
        '<!-- figures: two -->\n\n2\n\n<!-- /figures -->',
        '',
      ].join('\n'),
    );
    expect(blockNames(filled)).toEqual(['one', 'two']);
    expect(fillBlocks(filled, contents)).toBe(filled);
  });

  it('refuse a name that there are no figures of', () => {
    expect(() => fillBlocks(page, new Map([['one', '1']]))).toThrow(
      'There are no figures two; there are one',
    );
  });
});
