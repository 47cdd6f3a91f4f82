import { relative, sep } from 'node:path';

/** The path of a file from a folder above it, with `/` on every system: as git, YAML files and import paths have it. */
export const pathFrom = (folder: string, file: string): string => relative(folder, file).split(sep).join('/');
