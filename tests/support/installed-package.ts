import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { npmCommand } from '@orderly/local/npm';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');

const npm = (args: readonly string[], cwd: string) => {
  const command = npmCommand(args);
  return run(command.program, [...command.args], { cwd });
};

/** A package of this repository as another team has it: packed, and installed into an empty project elsewhere. */
export interface InstalledPackage {
  /** The other team's project. */
  readonly project: string;
  /** The names of what lies in its `node_modules`. */
  installed(): Promise<readonly string[]>;
  /** Runs a script of the project and answers what it prints. */
  run(script: string): Promise<string>;
  /** What the compiler says under `strict`, a line each. */
  typeCheck(files: readonly string[], ...options: readonly string[]): Promise<readonly string[]>;
  /** What publint and Are The Types Wrong say against the package; nothing where all is well. */
  lint(): Promise<string>;
  remove(): Promise<void>;
}

/**
 * @param folder of the package, from the root of the repository
 * @param files of the project, by name
 */
export async function installPackage(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<InstalledPackage> {
  const project = await mkdtemp(join(tmpdir(), 'orderly-consumer-'));
  const cwd = join(root, folder);
  const { stdout } = await npm(['pack', '--json', '--pack-destination', project], cwd);
  // npm prints what the build says before its own JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as { filename: string }[];
  const tarball = join(project, packed?.filename ?? '');
  await writeFile(join(project, 'package.json'), '{ "name": "consumer", "private": true }');
  await npm(['install', '--no-audit', '--no-fund', tarball], project);
  for (const [name, content] of Object.entries(files)) await writeFile(join(project, name), content);

  const node = async (...args: readonly string[]): Promise<string> =>
    // What a tool prints of its findings is in stdout.
    run(process.execPath, [...args], { cwd: project }).then(
      ({ stdout }) => stdout,
      ({ stdout, stderr }) => {
        throw new Error(`${stdout}${stderr}`);
      },
    );
  const complaints = (tool: string, ...args: readonly string[]): Promise<string> =>
    node(join(root, 'node_modules', tool), ...args).then(
      () => '',
      ({ message }) => message,
    );
  return {
    project,
    installed: async () => {
      const names = await readdir(join(project, 'node_modules'));
      return names.filter((name) => !name.startsWith('.')).sort();
    },
    run: (script) => node(script),
    typeCheck: async (checked, ...options) => {
      const strict = ['--strict', '--target', 'es2023', '--lib', 'es2023,dom'];
      const said = await complaints('typescript/bin/tsc', ...strict, ...options, ...checked);
      return said.trim() === '' ? [] : said.trim().split('\n');
    },
    lint: async () => {
      const published = await complaints('publint/src/cli.js', tarball, '--strict');
      // Its profile for what we support: Node 20 and newer, and bundlers.
      const types = await complaints('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'node16');
      return `${published}${types}`;
    },
    remove: () => rm(project, { recursive: true, force: true }),
  };
}
