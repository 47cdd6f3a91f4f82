import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { createConfig, lint } from '@redocly/openapi-core';
import { artefacts } from './artefacts.ts';
import { root } from './platform.ts';

/** Prints the errors and warnings of well-known linters about the committed documents, one a line. */

/** Redocly's recommended rules, all of them. */
async function openApiProblems(path: string): Promise<readonly string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lint({ ref: join(root, path), config });
  return problems.map(
    ({ severity, ruleId, message, location }) =>
      `${path}: ${severity} ${ruleId}: ${message} ${location[0]?.pointer ?? ''}`,
  );
}

/** AsyncAPI's own parser with its recommended rules. */
async function asyncApiProblems(path: string): Promise<readonly string[]> {
  const { document, diagnostics } = await new Parser().parse(readFileSync(join(root, path), 'utf8'));
  const found = diagnostics.map(
    ({ severity, code, message, path: at }) => `${path}: ${severity} ${code}: ${message} ${at.join('/')}`,
  );
  return document === undefined ? [...found, `${path}: not an AsyncAPI document`] : found;
}

async function main(): Promise<void> {
  for (const { path } of artefacts()) {
    const problems = path.startsWith('docs/reference/openapi/')
      ? await openApiProblems(path)
      : path === 'docs/reference/asyncapi.yaml'
        ? await asyncApiProblems(path)
        : [];
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
  }
}

void main();
