import { invalid, refused } from './assertions.ts';
import type { TableNames } from './tables.ts';
import type { Peer } from './targets.ts';
import type { TestDatabase } from './test-database.ts';

/** What a case works on. */
export interface CaseContext {
  readonly db: TestDatabase;
  /** The tables that all cases share. */
  readonly tables: TableNames;
  /** A string that no other case has: partition keys made from it are this case's own. */
  readonly id: string;
}

/** One behaviour of DynamoDB, with the expectations that prove it. */
export interface ConformanceCase {
  /** One plain sentence that states the behaviour. Unique. */
  readonly name: string;
  /** Why a target cannot show the behaviour, by target. */
  readonly notOn?: Partial<Readonly<Record<Peer, string>>>;
  /** @throws AssertionError when the behaviour differs */
  run(context: CaseContext): Promise<void>;
}

export interface CaseGroup {
  /** E.g. `transactions`. */
  readonly subject: string;
  readonly cases: readonly ConformanceCase[];
}

type Run = ConformanceCase['run'];
type Request = (context: CaseContext) => Promise<unknown>;
type Unnamed = Omit<ConformanceCase, 'name'>;

/** Cases by their names. */
export const group = (subject: string, cases: Readonly<Record<string, Run | Unnamed>>): CaseGroup => ({
  subject,
  cases: Object.entries(cases).map(([name, one]) => ({
    name,
    ...(typeof one === 'function' ? { run: one } : one),
  })),
});

/** A request that is refused as invalid. */
export const refuses =
  (request: Request, message?: string | RegExp): Run =>
  async (context) => {
    await invalid(request(context), message);
  };

/** A request that is refused because something that it names does not exist. */
export const findsNothing =
  (request: Request, message?: string): Run =>
  async (context) => {
    await refused(request(context), 'ResourceNotFoundException', message);
  };
