import { type CloudEvent, parseJson } from '@orderly/contracts';

type Texts = {
  readonly [Name in keyof CloudEvent as CloudEvent[Name] extends string | undefined ? Name : never]?: string;
};

/** The texts in the envelope of an event, as many as there are: the body may hold anything. */
export function envelopeOf(body: string): Texts {
  const parsed = parseJson(body);
  const members = parsed.outcome === 'valid' ? Object.entries(Object(parsed.value)) : [];
  return Object.fromEntries(members.filter(([, value]) => typeof value === 'string'));
}
