import { freeTextMembers } from '../project.ts';

// A run without the delimiters of text, JSON or a mailbox (RFC 5322, section 3.4), then an @ as it is or as a URL spells
// it, then a domain of at least two labels. A match begins only where a run begins, so that a long text takes linear
// time.
const run = String.raw`[^\s<>()[\]:;,"@\\]`;
const host = String.raw`(?:@|%40)[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+`;
// A run that goes on to another @ is masked whole: with stars before it, the rest would look like an address, too.
// Made at first use, as the patterns below: to make them is some 2 % of a cold start.
const address = once(() => new RegExp(`(?<!${run})${run}+${host}(?:${run}*${host})*`, 'gu'));

/** Masks the e-mail addresses in a text: every address that the contracts accept, and most others. */
export function maskAddresses(text: string): string {
  // Most texts have none, and this look takes a fraction of the time.
  return text.includes('@') || text.includes('%40') ? text.replace(address(), '***@***') : text;
}

const texts = freeTextMembers.texts.join('|');
const records = freeTextMembers.records.join('|');
const names = new Set<string>([...freeTextMembers.texts, ...freeTextMembers.records]);

const jsonText = String.raw`"(?:[^"\\]|\\.)*"`;
// The same members in JSON inside of a text, and in the JSON Pointer of an issue.
const textMember = once(() => new RegExp(`("(?:${texts})":)${jsonText}`, 'g'));
const recordMember = once(
  () => new RegExp(String.raw`("(?:${records})":)\{(?:${jsonText}:${jsonText},?)*\}`, 'g'),
);
const recordPointer = once(() => new RegExp(String.raw`(\/(?:${records})\/).*?(?=: |$)`, 'gm'));

/** A member as the log shows it: without e-mail addresses and free text of callers. */
export function maskPersonal(name: string, value: unknown): unknown {
  if (names.has(name)) return '***';
  if (typeof value !== 'string') return value;
  let text = value;
  if (text.includes('":')) text = text.replace(textMember(), '$1"***"').replace(recordMember(), '$1"***"');
  if (text.includes('/')) text = text.replace(recordPointer(), '$1***');
  return maskAddresses(text);
}

/** @returns what `make` makes, at the first call */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
