import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrderId } from '@orderly/contracts';
import { fromText, type Sheet } from './sheet.ts';

/**
 * The folder that sheets are printed from: one file for each order, `<orderId>.txt`. A sheet counts as printed once its
 * file exists, which happens atomically and is still true after a crash.
 */
export class Spool {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Spool> {
    await mkdir(folder, { recursive: true });
    return new Spool(folder);
  }

  /** The order's sheet. */
  async find(orderId: OrderId): Promise<Sheet | undefined> {
    try {
      return fromText(orderId, await readFile(this.#file(orderId), 'utf8'));
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /**
   * Writes an order's sheet to the folder, in place of the one that it was decided on.
   *
   * @throws Error (EEXIST) when another process has written one meanwhile; the message is redelivered and decided again
   */
  async put({ orderId }: Sheet, text: string, current: Sheet | undefined): Promise<void> {
    const draft = join(this.#folder, `.${orderId}.${process.pid}`);
    await writeThrough(draft, text);
    try {
      // A link never replaces a file, a rename does; both are atomic.
      await (current === undefined ? link : rename)(draft, this.#file(orderId));
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(this.#folder);
  }

  #file(orderId: OrderId): string {
    return join(this.#folder, `${orderId}.txt`);
  }
}

/** An acknowledged message is never redelivered, so its sheet must survive a power failure. */
async function writeThrough(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
