// A run of what no delimiter of text, JSON or a mailbox (RFC 5322, section 3.4) ends, then an @ as it is or as a URL
// spells it, then a domain of two labels at least. It begins only where a run does, so that a long text costs
// linear time.
const run = String.raw`[^\s<>()[\]:;,"@\\]`;
const host = String.raw`(?:@|%40)[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+`;
// What goes on to another @ goes with it: with stars before it, that would look like an address, too.
const address = new RegExp(`(?<!${run})${run}+${host}(?:${run}*${host})*`, 'gu');

/** Hides the e-mail addresses in a text: every one that the contracts take, and most others. */
export function maskAddresses(text: string): string {
  return text.replace(address, '***@***');
}

/** Members that callers fill as they like (an order's own number and notes): nobody knows what is in them. */
const callersOwn = new Set(['reference', 'metadata']);

const jsonText = String.raw`"(?:[^"\\]|\\.)*"`;
// The same members in JSON that stands in a text, and in the JSON Pointer of an issue.
const reference = new RegExp(`("reference":)${jsonText}`, 'g');
const metadata = new RegExp(String.raw`("metadata":)\{(?:${jsonText}:${jsonText},?)*\}`, 'g');
const pairName = /(\/metadata\/).*?(?=: |$)/gm;

/** A member as the log shows it: without addresses, and without what callers have written of an order. */
export function maskPersonal(name: string, value: unknown): unknown {
  if (callersOwn.has(name)) return '***';
  if (typeof value !== 'string') return value;
  const text = value.replace(reference, '$1"***"').replace(metadata, '$1"***"').replace(pairName, '$1***');
  return maskAddresses(text);
}
