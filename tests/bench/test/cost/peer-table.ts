import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';

/** The table that docs/cost.md has of other designs, or one as the report prints it: its cells by row. */
export function peerCells(document: string): readonly (readonly string[])[] {
  const [table = ''] = /^\| a million orders, 1,000 a day[\s\S]*?(?=\n\n|$(?![\s\S]))/m.exec(document) ?? [];
  return table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
}

export const documentedPeers = (): readonly (readonly string[])[] =>
  peerCells(readFileSync(join(repositoryRoot, 'docs/cost.md'), 'utf8'));
