import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import JSZip from 'jszip';

/** A function that is packaged: its zip, and `<file without extension>.<export>` in it. */
interface Packaged {
  readonly zip: string;
  readonly handler: string;
}

/** Unpacks a function beside its zip. @returns the path of its handler's file, without the extension */
export async function unpack({ zip, handler }: Packaged): Promise<string> {
  const folder = zip.replace(/\.zip$/, '');
  if (!existsSync(folder)) {
    const { files } = await JSZip.loadAsync(await readFile(zip));
    for (const file of Object.values(files).filter(({ dir }) => !dir)) {
      const path = join(folder, file.name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await file.async('nodebuffer'));
    }
  }
  return join(folder, handler.slice(0, handler.lastIndexOf('.')));
}
