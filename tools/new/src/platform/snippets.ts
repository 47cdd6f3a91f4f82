import type { PlatformFile } from './sources.ts';

/** The folder of the snippets while the formatter runs. */
export const snippetFolder = 'snippets-of-documents';

/** TypeScript in a document that shows a part of a file: it is formatted as the file is. */
const snippet = /(<!-- from \S+\.ts -->\n\n```ts\n)([\s\S]*?)(```)/g;

/** The snippets of all documents, each as a file that the formatter takes. */
export function snippetsOf(files: readonly PlatformFile[]): readonly PlatformFile[] {
  return documentsOf(files).flatMap(({ path, content }) =>
    [...content.toString('utf8').matchAll(snippet)].map(([, , code = ''], index) => ({
      path: snippetPath(path, index),
      content: Buffer.from(code),
      executable: false,
    })),
  );
}

/** The documents whose snippets differ once they are formatted. @param read a formatted snippet, by its path */
export function withSnippets(
  files: readonly PlatformFile[],
  read: (path: string) => string,
): readonly PlatformFile[] {
  return documentsOf(files).flatMap((file) => {
    let index = 0;
    const text = file.content.toString('utf8');
    const filled = text.replace(
      snippet,
      (_, before: string, _code, after: string) => before + read(snippetPath(file.path, index++)) + after,
    );
    return filled === text ? [] : [{ ...file, content: Buffer.from(filled) }];
  });
}

const documentsOf = (files: readonly PlatformFile[]): readonly PlatformFile[] =>
  files.filter(({ path }) => path.endsWith('.md'));

const snippetPath = (document: string, index: number): string => `${snippetFolder}/${document}.${index}.ts`;
