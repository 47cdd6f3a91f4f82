import type { BuildOptions, BuildResult, Plugin } from 'esbuild';

/** What a build made, without the contents of its files. */
export type Built = Omit<BuildResult, 'outputFiles'>;

/** A build that can be repeated: of esbuild's contexts, what serverless-esbuild uses. */
export interface Build {
  rebuild(): Promise<Built | undefined>;
  dispose(): Promise<void>;
}

/** The parts of serverless-esbuild that are touched here. */
export interface EsbuildPlugin {
  /** The service's options for esbuild among the plugin's own, with its defaults. */
  readonly buildOptions: Required<Pick<BuildOptions, 'bundle' | 'platform' | 'target'>> & {
    outputWorkFolder?: string;
    watch: { chokidar?: object };
  };
  readonly buildDirPath: string;
  readonly plugins: Plugin[];
  readonly functionEntries: readonly { readonly entry: string }[];
  /** What builds a function again, by its file. */
  buildCache: Record<string, { readonly context: Build }>;
  /** Works out its folders from its options. */
  init(): void;
  bundle(): Promise<void>;
  /** Ends its watching; a process that exits without it prints a stack trace of esbuild's. */
  disposeContexts(): Promise<void>;
}

export const isEsbuildPlugin = (plugin: object): plugin is EsbuildPlugin =>
  plugin.constructor.name === 'EsbuildServerlessPlugin';
