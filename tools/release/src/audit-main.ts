import { spawnSync } from 'node:child_process';
import { parseJson } from '@orderly/contracts';
import { npmCommand } from '@orderly/local/npm';
import { findingsOf, isSerious } from './audit.ts';
import { root } from './bundle.ts';
import { shippedPackages } from './functions.ts';

// `npm run audit:shipped`. Exit code 1: an advisory of severity high or critical; 2: npm has no report.

async function main(): Promise<number> {
  const shipped = await shippedPackages();
  const { program, args } = npmCommand(['audit', '--json']);
  const { stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const json = parseJson(stdout);
  const findings = json.outcome === 'valid' ? findingsOf(json.value, shipped) : undefined;
  if (findings === undefined) {
    console.error(`npm audit has no report; it needs the registry.\n${(stdout || stderr).slice(0, 1_000)}`);
    return 2;
  }
  for (const { name, version, severity, title, url } of findings) {
    console.log(`${severity}: ${name} ${version}: ${title} ${url}`);
  }
  const serious = findings.filter(isSerious).length;
  console.log(
    `${shipped.size} packages are shipped; ${findings.length} advisories, ${serious} high or critical`,
  );
  return serious === 0 ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
