import { resolve } from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';
import { artefacts } from './artefacts.ts';

/** Holds the OpenAPI documents against Redocly's recommended rules, all of them; a warning counts, too. */
async function main(): Promise<void> {
  const config = await createConfig({ extends: ['recommended'] });
  for (const { path } of artefacts.filter((artefact) => artefact.path.startsWith('docs/openapi/'))) {
    const problems = await lint({ ref: resolve(__dirname, '../..', path), config });
    for (const { severity, ruleId, message, location } of problems) {
      console.error(`${path}: ${severity} ${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
    }
    if (problems.length > 0) process.exitCode = 1;
  }
}

void main();
