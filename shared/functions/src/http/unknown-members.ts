import type { Issue } from '@orderly/contracts';

/** The parts of a valibot schema that are read here. */
export interface Described {
  readonly type: string;
  readonly pipe?: readonly Described[];
  readonly entries?: Readonly<Record<string, Described>>;
  readonly item?: Described;
  readonly wrapped?: Described;
  readonly requirement?: unknown;
  readonly message?: unknown;
}

/** valibot drops these members of a record. */
const leftOut = ['__proto__', 'constructor', 'prototype'];

/** The parts of a value that its schema does not describe. */
export interface Excess {
  readonly issues: readonly Issue[];
  /** Whether a list is longer than its schema allows, and not worth checking. */
  readonly tooLong: boolean;
}

/** The schema of a part of a request that the route does not name: it must be empty. */
export const noMembers: Described = { type: 'object', entries: {} };

/**
 * Finds members that the schema does not name, at any depth, and lists that are longer than it allows.
 *
 * valibot's `strictObject` reports only the first unknown member of an object, never one with an inherited name such as
 * `toString`, and checks all items of a list before its length.
 *
 * @param path a JSON Pointer to the value
 * @param limit at most about this many issues
 */
export function excessOf(schema: Described, value: unknown, path: string, limit: number): Excess {
  const issues: Issue[] = [];
  let tooLong = false;

  function visit(described: Described, content: unknown, at: string): void {
    const schema = described.wrapped ?? described;
    if (typeof content !== 'object' || content === null) return;
    if (Array.isArray(content)) visitList(schema, content, at);
    else for (const [name, member] of Object.entries(content)) visitMember(schema, name, member, at);
  }

  function visitList({ pipe = [], item }: Described, list: readonly unknown[], at: string): void {
    const most = pipe.find(({ type }) => type === 'max_length');
    if (typeof most?.requirement === 'number' && list.length > most.requirement) {
      tooLong = true;
      issues.push({ path: at, message: String(most.message) });
    } else if (item !== undefined) {
      for (const [index, one] of list.entries()) visit(item, one, `${at}/${index}`);
    }
  }

  function visitMember({ type, entries }: Described, name: string, member: unknown, at: string): void {
    if (issues.length >= limit) return;
    const place = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const known = entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (known !== undefined) visit(known, member, place);
    else if (entries !== undefined) issues.push({ path: place, message: unknownAmong(Object.keys(entries)) });
    else if (type === 'record' && leftOut.includes(name)) {
      issues.push({ path: place, message: `A pair must not be called "${name}"` });
    }
  }

  visit(schema, value, path);
  return { issues, tooLong };
}

function unknownAmong(known: readonly string[]): string {
  return known.length === 0 ? 'Unknown: nothing is taken here' : `Unknown; known here: ${known.join(', ')}`;
}
