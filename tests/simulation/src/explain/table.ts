import { virtualTime } from '../time.ts';

/** Something that happened. */
export interface Entry {
  /** Microseconds of virtual time. */
  readonly at: number;
  readonly step: number;
  /** Its place in the history. */
  readonly order: number;
  readonly who: string;
  what: string;
}

const HEAD = 30;
const TAIL = 270;
const SHORT_ID = 8;

/** `orders-sim-place-order #12` is `orders/place-order #12`. */
const shortLabel = (label: string): string => label.replace(/^([a-z]+)-[a-z]+-(?=.* #)/, '$1/');

function withoutRepeats(entries: readonly Entry[]): readonly Entry[] {
  const kept: { readonly entry: Entry; times: number }[] = [];
  for (const entry of entries) {
    const last = kept.at(-1);
    if (last?.entry.who === entry.who && last.entry.what === entry.what) last.times++;
    else kept.push({ entry, times: 1 });
  }
  return kept.map(({ entry, times }) =>
    times === 1 ? entry : { ...entry, what: `${entry.what} (${times} times)` },
  );
}

/** Entries as a table of plain text: time, step, who, what. The middle of a long one is left out. */
export function tableOf(entries: readonly Entry[], about: string): readonly string[] {
  const kept = withoutRepeats(entries);
  const rows = kept.map(({ at, step, who, what }) => [
    virtualTime(at / 1000),
    String(step),
    shortLabel(who),
    what.replaceAll(about, about.slice(0, SHORT_ID)),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([at = '', step = '', who = '', what = '']) =>
    [at.padStart(widths[0] ?? 0), step.padStart(widths[1] ?? 0), who.padEnd(widths[2] ?? 0), what].join('  '),
  );
  if (lines.length <= HEAD + TAIL) return lines;
  return [...lines.slice(0, HEAD), `... ${lines.length - HEAD - TAIL} lines ...`, ...lines.slice(-TAIL)];
}
