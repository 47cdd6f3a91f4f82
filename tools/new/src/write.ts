import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { npmCommand } from '@orderly/local/npm';
import { readFiles, removeOtherFiles, writeFiles } from '../../codegen/contracts/files.ts';
import { Failure } from './failure.ts';
import { checkFree, type Plan } from './plan.ts';

/** What `npm run contracts:build` and `npm run contracts:release` write. */
const generatedFolders = [
  'shared/contracts/schemas',
  'shared/contracts/examples',
  'shared/contracts/released',
  'docs/reference',
  'shared/client/src/apis.ts',
];

/** Undoes what was done since it was begun, in the reverse order. */
class Journal {
  readonly #undo: (() => void)[] = [];

  did(undo: () => void): void {
    this.#undo.push(undo);
  }

  rollBack(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }
}

/**
 * Does what a plan says: all of it, or nothing.
 *
 * @param run runs a script of package.json in a folder; npm by default
 * @throws UsageFailure when a new file exists already, whatever else fails as it is; what was written is gone then
 */
export async function write(plan: Plan, run = runScript): Promise<void> {
  checkFree(plan);
  const journal = new Journal();
  // Ctrl-C ends the script that runs, and its failure undoes the rest.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    for (const { path, content } of plan.creates) create(join(plan.root, path), content, journal);
    for (const { path, content } of plan.changes) change(join(plan.root, path), content, journal);
    for (const [name, target] of Object.entries(plan.links)) link(plan.root, name, target, journal);
    await generate(plan, journal, run);
  } catch (error) {
    journal.rollBack();
    throw error;
  } finally {
    process.off('SIGINT', ignore);
  }
}

/** @returns the highest folder that had to be made */
function makeFolder(folder: string): string | undefined {
  return mkdirSync(folder, { recursive: true });
}

function create(file: string, content: string, journal: Journal): void {
  const folder = makeFolder(dirname(file));
  if (folder !== undefined) journal.did(() => rmSync(folder, { recursive: true, force: true }));
  journal.did(() => rmSync(file, { force: true }));
  writeFileSync(file, content, { flag: 'wx' });
}

function change(file: string, content: string, journal: Journal): void {
  const before = readFileSync(file);
  journal.did(() => writeFileSync(file, before));
  writeFileSync(file, content);
}

/** As `npm install` links the workspaces. */
function link(root: string, name: string, target: string, journal: Journal): void {
  const path = join(root, 'node_modules', name);
  if (!existsSync(dirname(path))) return;
  // Windows lets everybody make junctions, which need an absolute target.
  const [to, type] =
    process.platform === 'win32' ? [join(root, target), 'junction' as const] : [up(name) + target];
  symlinkSync(to, path, type);
  journal.did(() => rmSync(path));
}

/** From a package's parent folder in `node_modules` to the root. */
const up = (name: string): string => '../'.repeat(name.split('/').length);

async function generate({ root, generates }: Plan, journal: Journal, run: typeof runScript): Promise<void> {
  if (!generates.documents && !generates.release) return;
  const before = readFiles(root, generatedFolders);
  journal.did(() => {
    removeOtherFiles(root, generatedFolders, before);
    writeFiles(root, before);
  });
  if (generates.documents) await run(root, 'contracts:build');
  if (generates.release) await run(root, 'contracts:release');
}

/** @throws Failure with what the script printed */
async function runScript(root: string, script: string): Promise<void> {
  const { program, args } = npmCommand(['run', '--silent', script]);
  try {
    await promisify(execFile)(program, args, { cwd: root });
  } catch (error) {
    const { stdout = '', stderr = '' } = Object(error);
    throw new Failure(`npm run ${script} failed, so nothing was generated:\n${stdout}${stderr}`);
  }
}
