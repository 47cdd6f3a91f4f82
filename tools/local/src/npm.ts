import { basename, dirname, join } from 'node:path';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** The path of the running Node.js. */
  readonly node: string;
  /** The npm that runs this, as npm names it. */
  readonly npm: string | undefined;
}

const own = (): Surroundings => ({
  platform: process.platform,
  node: process.execPath,
  npm: process.env.npm_execpath,
});

/**
 * `npm <args>` to be started without a shell. On Windows `npm` is a batch file, which only a shell starts, so Node.js runs
 * npm's program there: that of the npm that runs this, or the one that Node.js brings along.
 */
export const npmCommand = (
  args: readonly string[],
  { platform, node, npm }: Surroundings = own(),
): Command => {
  if (platform !== 'win32') return { program: 'npm', args };
  const program =
    npm !== undefined && basename(npm) === 'npm-cli.js'
      ? npm
      : join(dirname(node), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return { program: node, args: [program, ...args] };
};
