import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { answerHelp } from '@orderly/local/version';
import { installedNode, nodeOfLine } from '@orderly/support/node-versions';
import type { Part, Settings } from './part.ts';
import { type PartName, parts } from './parts.ts';
import { describeMachine, published, type Report } from './report.ts';
import { markdown, targetTable } from './table.ts';

// How fast, how big, how much, against what people would use instead: `npm run bench`.

const names = Object.keys(parts) as PartName[];

/** @throws RangeError for a part that there is not */
function chosen(list: string | undefined): readonly PartName[] {
  if (list === undefined) return names;
  const wanted = list.split(',');
  const unknown = wanted.find((name) => !(names as string[]).includes(name));
  if (unknown !== undefined)
    throw new RangeError(`There is no part ${unknown}; there are ${names.join(', ')}`);
  return names.filter((name) => wanted.includes(name));
}

async function run(name: PartName, settings: Settings): Promise<unknown> {
  const part = parts[name] as Part<unknown>;
  const figures = await part.measure(settings);
  for (const table of [...part.tables(figures), targetTable(part.targets(figures))]) {
    console.log(`\n${markdown(table)}`);
  }
  return figures;
}

const usage = `Usage: npm run bench -- [options]

Measures how fast, how big and how much, against what people would use instead.

Options:
  --parts <list>  only these, separated by commas: ${names.join(', ')}
  --quick         fewer samples: for a look, not for publishing
  --node <line>   another version of Node.js, too, e.g. 22; may be repeated
  --out <file>    where the figures go
  --publish       make a whole run the published figures`;

async function main(): Promise<void> {
  answerHelp(usage);
  const { values } = parseArgs({
    options: {
      parts: { type: 'string' },
      quick: { type: 'boolean', default: false },
      node: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      publish: { type: 'boolean', default: false },
    },
  });
  const wanted = chosen(values.parts);
  if (values.publish && (values.quick || wanted.length < names.length)) {
    throw new RangeError('--publish takes the figures of one whole run: neither --quick nor --parts');
  }
  const settings: Settings = {
    quick: values.quick,
    nodes: [installedNode, ...values.node.map(nodeOfLine)],
    say: (line) => process.stderr.write(`${line}\n`),
  };
  const results: Record<string, unknown> = {};
  for (const name of wanted) {
    settings.say(`--- ${name}`);
    results[name] = await run(name, settings);
  }
  const out = values.publish ? published : values.out;
  if (out === undefined) return;
  mkdirSync(dirname(resolve(out)), { recursive: true });
  const report: Report = { machine: describeMachine(), results };
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
}

main().then(
  () => process.exit(),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
