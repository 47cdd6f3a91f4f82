import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';

/** Not sources, or made anew. */
const leftOut = /^(node_modules|\.git|\.orderly|\.serverless|\.esbuild.*|coverage|dist)$/;

/** A copy of this checkout in a temporary folder. Third-party packages are those of this checkout, workspaces those of the copy. */
export class CheckoutCopy {
  readonly root: string;

  /** @param name begins the name of the folder */
  constructor(name: string) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
    for (const entry of readdirSync(repositoryRoot).filter((name) => !leftOut.test(name))) {
      cpSync(join(repositoryRoot, entry), join(this.root, entry), {
        recursive: true,
        filter: (path) => !leftOut.test(basename(path)),
      });
    }
    const from = join(repositoryRoot, 'node_modules');
    mkdirSync(join(this.root, 'node_modules/@orderly'), { recursive: true });
    for (const entry of readdirSync(from)) {
      if (entry !== '@orderly') symlinkSync(join(from, entry), join(this.root, 'node_modules', entry));
    }
    for (const name of readdirSync(join(from, '@orderly'))) {
      this.linkWorkspace(name, readlinkSync(join(from, '@orderly', name)));
    }
  }

  /** As `npm install` links a workspace. @param target its folder, from node_modules/@orderly */
  linkWorkspace(name: string, target: string): void {
    symlinkSync(target, join(this.root, 'node_modules/@orderly', name));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
