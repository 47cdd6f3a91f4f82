import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The ids of an account of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so that root runs it as `nobody`, which every system has. Everybody else runs it as
 * themselves: `undefined`.
 * https://www.postgresql.org/docs/17/app-postgres.html
 */
export function otherAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (option: string) => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' })) >>> 0;
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** @returns whether everybody may enter the folder and all above it */
export function isOpenToAll(folder: string): boolean {
  const above = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (above === folder || isOpenToAll(above));
}
