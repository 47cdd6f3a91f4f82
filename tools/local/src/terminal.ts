import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { styleText } from 'node:util';

const COLOURS = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'] as const;

/** What serverless-offline says at every start and invocation, and the platform says better. */
const NOISE = [
  /^\s*$/,
  /^\(λ: \S+\) RequestId: /,
  /^\s*[│┌└]/,
  /^Starting Offline at stage /,
  /^Offline \[http for lambda\] listening/,
  /^Function names exposed for local invocation/,
  /^ {3}\* \S+: \S+$/,
  /^Server ready: /,
  // Metrics are for CloudWatch; see the embedded metric format.
  /^\{"_aws":/,
];

export const isNoise = (line: string): boolean => NOISE.some((pattern) => pattern.test(line));

const useColours = (): boolean => {
  if (process.env.NO_COLOR) return false;
  return Boolean(process.env.FORCE_COLOR) || process.stdout.isTTY === true;
};

/** `orders         | ` in the colour of its place. */
export const linePrefix = (name: string, place: number, width: number): string => {
  const text = `${name.padEnd(width)} | `;
  return useColours() ? styleText(COLOURS[place % COLOURS.length] ?? 'cyan', text) : text;
};

/** Passes on the lines of a service's output that say something, each with its prefix. */
export const prefixLines = (from: Readable, prefix: string, write: (line: string) => void): void => {
  createInterface({ input: from }).on('line', (line) => {
    if (!isNoise(line)) write(`${prefix}${line}`);
  });
};
