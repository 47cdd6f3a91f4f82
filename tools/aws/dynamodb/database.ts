import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import { MAX_TAGS, TRANSACTION_TOKEN_MS } from './limits.ts';
import type { Stream } from './stream.ts';
import type { Table, TableContext } from './table.ts';

interface UsedToken {
  readonly request: string;
  readonly at: number;
}

/** Everything that one DynamoDB holds. */
export class Database {
  readonly context: TableContext;
  readonly tables = new Map<string, Table>();
  readonly #streams = new Map<string, Stream>();
  readonly #tags = new Map<string, Map<string, string>>();
  #latestStreamAt = 0;
  readonly #tokens = new Map<string, UsedToken>();

  constructor(context: TableContext) {
    this.context = context;
  }

  /** @throws AwsError ResourceNotFoundException as data operations answer it */
  table(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw resourceNotFound();
    return table;
  }

  /** @throws AwsError ResourceNotFoundException that names the table */
  namedTable(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw resourceNotFound(`Table: ${name} not found`);
    return table;
  }

  addTable(table: Table): void {
    this.tables.set(table.name, table);
    if (table.stream) this.addStream(table.stream);
  }

  removeTable(table: Table): void {
    table.close();
    this.tables.delete(table.name);
    this.#tags.delete(table.arn);
  }

  addStream(stream: Stream): void {
    this.#streams.set(stream.arn, stream);
    this.#latestStreamAt = stream.createdAt;
  }

  /** When the latest stream was created. */
  get latestStreamAt(): number {
    return this.#latestStreamAt;
  }

  /** Streams in the order of their creation; those that were disabled a day ago are gone. */
  get streams(): readonly Stream[] {
    return [...this.#streams.values()].filter((stream) => !this.#dropExpired(stream));
  }

  #dropExpired(stream: Stream): boolean {
    const gone = !stream.isEnabled && stream.shards.length === 0;
    if (gone) this.#streams.delete(stream.arn);
    return gone;
  }

  /** @throws AwsError ResourceNotFoundException that names the stream */
  stream(arn: string): Stream {
    const stream = this.#streams.get(arn);
    if (!stream || this.#dropExpired(stream)) throw resourceNotFound(`Stream: ${arn} not found`);
    return stream;
  }

  /**
   * The first use of a token within ten minutes is remembered.
   * @param request what came with the token
   * @returns whether the token was used before, for the same
   * @throws AwsError IdempotentParameterMismatchException when it was used for something else
   */
  isRepeated(token: string, request: string): boolean {
    const oldest = this.context.clock.now() - TRANSACTION_TOKEN_MS;
    for (const [used, { at }] of this.#tokens) {
      if (at > oldest) break;
      this.#tokens.delete(used);
    }
    const known = this.#tokens.get(token);
    if (known && known.request !== request)
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical.',
      );
    return known !== undefined;
  }

  useToken(token: string, request: string): void {
    this.#tokens.set(token, { request, at: this.context.clock.now() });
  }

  tagsOf(arn: string): ReadonlyMap<string, string> {
    return this.#tags.get(arn) ?? new Map();
  }

  tag(arn: string, tags: ReadonlyMap<string, string>): void {
    const all = new Map([...this.tagsOf(arn), ...tags]);
    if (all.size > MAX_TAGS) throw invalidParameter(`Too many tags: a resource may have ${MAX_TAGS}`);
    this.#tags.set(arn, all);
  }

  untag(arn: string, keys: readonly string[]): void {
    for (const key of keys) this.#tags.get(arn)?.delete(key);
  }
}

export type Operation = (database: Database, input: unknown) => JsonObject;
