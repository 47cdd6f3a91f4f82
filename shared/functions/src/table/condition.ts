/** A write happens only if this holds for the present item. Plain data, which each cloud's table adapter reads. */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unchanged'; readonly attributes: Readonly<Record<string, string | number | undefined>> }
  | { readonly kind: 'older'; readonly name: string; readonly than: number }
  | { readonly kind: 'within'; readonly bounds: Readonly<Record<string, Bounds>> };

/** Both included. */
interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** There is no such item yet. */
export const absent: Condition = { kind: 'absent' };

/**
 * The item still has these values.
 *
 * @param attributes by name, at least one that is not `undefined`; `undefined`: the item has no such attribute
 */
export function unchanged(attributes: Readonly<Record<string, string | number | undefined>>): Condition {
  return { kind: 'unchanged', attributes };
}

/** The item still has the version that was read: nobody has changed it since. */
export const atVersion = (version: number): Condition => unchanged({ version });

/** There is no such item, or its number `name` is less than `than`. */
export const older = (name: string, than: number): Condition => ({ kind: 'older', name, than });

/** The numbers of the item lie within these bounds. */
export const within = (bounds: Readonly<Record<string, Bounds>>): Condition => ({ kind: 'within', bounds });
