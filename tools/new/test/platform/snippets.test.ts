import { snippetsOf, withSnippets } from '../../src/platform/snippets.ts';

const document = (text: string) => ({ path: 'docs/a.md', content: Buffer.from(text), executable: false });
const shown = (code: string) => `Text\n\n<!-- from docs/x.ts -->\n\n\`\`\`ts\n${code}\`\`\`\n`;
const other = '\n<!-- from a.yml -->\n\n```yaml\na: 1\n```\n\n```ts\nfree();\n```\n';

it('the formatter gets the TypeScript that documents show of files', () => {
  const files = [document(shown('one();\n') + shown('two();\n') + other), { ...document(''), path: 'a.ts' }];

  expect(snippetsOf(files).map(({ path, content }) => [path, content.toString('utf8')])).toEqual([
    ['snippets-of-documents/docs/a.md.0.ts', 'one();\n'],
    ['snippets-of-documents/docs/a.md.1.ts', 'two();\n'],
  ]);
});

it('a document shows what the formatter has made of its snippets', () => {
  const files = [document(shown('one();\n') + shown('two();\n') + other)];
  const read = (path: string) => (path.endsWith('.1.ts') ? 'two($&);\n' : 'one();\n');

  expect(withSnippets(files, read).map(({ content }) => content.toString('utf8'))).toEqual([
    shown('one();\n') + shown('two($&);\n') + other,
  ]);
  expect(withSnippets(files, (path) => (path.endsWith('.1.ts') ? 'two();\n' : 'one();\n'))).toEqual([]);
});
