import type { PlatformSource } from './platform.ts';

const MODULE: string = '@orderly/local/platform';

interface LocalPlatformModule {
  findPlatform(stage: string): ReturnType<PlatformSource['find']>;
  startPlatform(options: { stage: string }): ReturnType<PlatformSource['start']>;
}

/** Loaded when it is needed: `--help` and a wrong file should not wait for the whole platform's code. */
const load = async (): Promise<LocalPlatformModule> => import(MODULE);

/** The platform of this machine, `npm start`. */
export const localPlatform: PlatformSource = {
  find: async (stage) => (await load()).findPlatform(stage),
  start: async (stage) => (await load()).startPlatform({ stage }),
};
