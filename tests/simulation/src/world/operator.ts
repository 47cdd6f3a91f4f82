import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import type { Program } from '../sandbox/sandbox.ts';
import { Guest } from './guest.ts';
import { STAGE } from './stack.ts';
import type { World } from './world.ts';

interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly interactive: boolean;
}

type Main = (args: readonly string[], streams: Streams) => Promise<number>;

export interface Ended {
  /** Undefined when it was killed. */
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** What a checkout has in its root folder; read before anything runs. */
const CHECKOUT = new Map(
  ['package.json', 'serverless-compose.yml'].map((name) => [
    `/${name}`,
    readFileSync(join(repositoryRoot, name), 'utf8'),
  ]),
);

/** Somebody on call, with `npx orderly`. */
export class Operator {
  readonly #world: World;
  readonly #program: Program;
  /** On the laptop: a checkout in the root folder, and later the runs that were saved. */
  readonly #files = new Map(CHECKOUT);
  #commands = 0;

  constructor(world: World, program: Program) {
    this.#world = world;
    this.#program = program;
  }

  /** Runs a command line on the simulated stage, until it ends or is killed. */
  orderly(...args: readonly string[]): Promise<Ended> {
    const name = `orderly #${++this.#commands}`;
    this.#world.history.add('incident', `${name}: ${args.join(' ')}`);
    const guest = new Guest(this.#world, { name, program: this.#program, files: this.#files });
    const printed = { out: '', err: '' };
    const streams: Streams = {
      out: (text) => {
        printed.out += text;
      },
      err: (text) => {
        printed.err += text;
      },
      interactive: false,
    };
    return new Promise((resolve) => {
      const end = (code: number | undefined): void => {
        this.#world.history.add('incident', `${name} ended with ${code}: ${printed.out}${printed.err}`);
        resolve({ code, ...printed });
      };
      guest.onKill = () => end(undefined);
      const exit = guest.run(({ main }: { readonly main: Main }) =>
        main(['--stage', STAGE, '--aws', ...args], streams),
      );
      void exit.then((code) => guest.dead || end(code));
    });
  }
}
