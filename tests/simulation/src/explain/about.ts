import type { Line } from '../world/history.ts';

const UUID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/;
const SKU = /\br-\d+\b/;

/** What the first finding that names something names: the id of an order or of an event, or a SKU. */
export function namedIn(findings: readonly string[]): string | undefined {
  for (const pattern of [UUID, SKU])
    for (const finding of findings) {
      const [name] = pattern.exec(finding) ?? [];
      if (name !== undefined) return name;
    }
  return undefined;
}

/** Where an id is that of an event: what the event is about. */
export async function subjectOf(name: string, history: AsyncIterable<Line>): Promise<string> {
  const [sent, written] = [`"id":"${name}"`, `"id":{"S":"${name}"}`];
  for await (const { kind, text } of history) {
    if (kind === 'message' && text.includes(sent)) return /"subject":"([^"]+)"/.exec(text)?.[1] ?? name;
    if (kind === 'write' && text.includes(written))
      return /"subject":\{"S":"([^"]+)"\}/.exec(text)?.[1] ?? name;
  }
  return name;
}
