/** A colour for each service, the same on every view. */
const COLOURS = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)', 'var(--c5)', 'var(--c6)'] as const;
const known = new Map<string, string>();

const FIRST: Readonly<Record<string, number>> = { orders: 0, inventory: 1, notifications: 2 };

export const serviceColour = (service: string): string => {
  const old = known.get(service);
  if (old) return old;
  const place = FIRST[service] ?? 3 + ([...known.keys()].filter((name) => !(name in FIRST)).length % 3);
  const colour = COLOURS[place] ?? COLOURS[0];
  known.set(service, colour);
  return colour;
};
