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
