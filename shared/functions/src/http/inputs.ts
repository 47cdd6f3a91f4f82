import { domainToASCII } from 'node:url';
import { Email, Sku } from '@orderly/contracts';
import * as v from 'valibot';

/** Values that callers may write in several forms. One form is stored and published. */

/** A SKU in any Unicode normalisation form: in NFC it is the SKU that events carry. */
export const SkuInput = v.pipe(
  v.string(Sku.pipe[0].message),
  v.metadata({
    description:
      'Stock keeping unit: 1 to 64 printable characters, case-sensitive. It has no blank at either end and no / \\ ? # %, and is neither "." nor "..". It is converted to Unicode Normalization Form C.',
    pattern: Sku.pipe[1].requirement.source,
  }),
  v.transform((text) => text.normalize('NFC')),
  Sku,
);

/** An e-mail address; an internationalised domain is turned into punycode (RFC 5891), which mail is sent to. */
export const EmailInput = v.pipe(
  v.string(Email.pipe[0].message),
  v.maxLength(Email.pipe[1].requirement, Email.pipe[1].message),
  v.metadata({
    description:
      'An e-mail address. The part before the @ is ASCII without quotes (RFC 5321). An internationalised domain is ' +
      'converted to punycode.',
    format: 'idn-email',
    'x-personal': 'identifying',
  }),
  v.transform(withAsciiDomain),
  Email,
);

function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  // Of what is ASCII nothing changes; and what the URL standard refuses (WHATWG, domain to ASCII) becomes ''.
  return at === -1 || /^[\0-\x7f]*$/.test(domain)
    ? address
    : address.slice(0, at + 1) + domainToASCII(domain);
}
