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
  it('take their figures, and the rest stays', () => {
    const filled = fillBlocks(
      page,
      new Map([
        ['one', '1 $&'],
        ['two', '2'],
      ]),
    );

    expect(filled).toBe(
      [
        '# Page',
        '<!-- figures: one -->',
        '',
        '1 $&',
        '',
        '<!-- /figures -->',
        'Prose.',
        '<!-- figures: two -->',
        '',
        '2',
        '',
        '<!-- /figures -->',
        '',
      ].join('\n'),
    );
    expect(blockNames(filled)).toEqual(['one', 'two']);
  });

  it('are as they were when filled with the same again', () => {
    const contents = new Map([
      ['one', '1'],
      ['two', '2'],
    ]);
    const once = fillBlocks(page, contents);

    expect(fillBlocks(once, contents)).toBe(once);
  });

  it('refuse a name that there are no figures of', () => {
    expect(() => fillBlocks(page, new Map([['one', '1']]))).toThrow(
      'There are no figures two; there are one',
    );
  });
});
