import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { answerHelp } from '@orderly/local/version';
import { published, type Report } from '../report.ts';
import { fillBlocks } from './blocks.ts';
import { blockContents, plotSpecs } from './contents.ts';
import { svgOf } from './svg.ts';

// Writes the published figures into the documents and draws the plots: `npm run bench:page`. With `--check` it writes
// nothing and fails when something would change.

const docs = resolve(__dirname, '../../../../docs');
const plots = join(docs, 'plots');
const documents = ['performance.md', 'scaling.md'].map((name) => join(docs, name));

/** Every file as it should be, by path. */
async function render(report: Report): Promise<ReadonlyMap<string, string>> {
  const contents = blockContents(report);
  const files = new Map(documents.map((path) => [path, fillBlocks(readFileSync(path, 'utf8'), contents)]));
  for (const [name, spec] of plotSpecs(report)) files.set(join(plots, `${name}.svg`), await svgOf(spec));
  return files;
}

/** Plots that are there and that no part draws any more. */
const unmade = (files: ReadonlyMap<string, string>): readonly string[] =>
  (existsSync(plots) ? readdirSync(plots) : [])
    .map((name) => join(plots, name))
    .filter((path) => !files.has(path));

const isStale = (path: string, text: string): boolean =>
  !existsSync(path) || readFileSync(path, 'utf8') !== text;

async function main(): Promise<void> {
  answerHelp(`Usage: npm run bench:page -- [--check]

Writes the published figures into docs/ and draws the plots; with --check it fails where something would change.`);
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const files = await render(JSON.parse(readFileSync(published, 'utf8')) as Report);
  const stale = [...files].filter(([path, text]) => isStale(path, text));
  const left = unmade(files);
  if (values.check) {
    const wrong = [...stale.map(([path]) => path), ...left];
    if (wrong.length === 0) return;
    throw new Error(`Not as the published figures say; run npm run bench:page\n${wrong.join('\n')}`);
  }
  mkdirSync(plots, { recursive: true });
  for (const [path, text] of stale) writeFileSync(path, text);
  for (const path of left) rmSync(path);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
