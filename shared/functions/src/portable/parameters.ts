/** Parameters by name. Several values of one are separated by commas, as API Gateway passes them. */
export function parametersOf(
  entries: Iterable<readonly [name: string, value: string]>,
): Readonly<Record<string, string>> {
  const all = new Map<string, string>();
  for (const [name, value] of entries) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(all);
}
