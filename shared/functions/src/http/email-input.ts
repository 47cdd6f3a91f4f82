import { domainToASCII } from 'node:url';
import { Email } from '@orderly/contracts';
import * as v from 'valibot';

/** An `Email` as callers may write it: an internationalised domain is converted to punycode (RFC 5891). */
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
  // An ASCII domain stays as it is. A domain that the URL standard refuses (WHATWG, domain to ASCII) becomes ''.
  return at === -1 || /^[\0-\x7f]*$/.test(domain)
    ? address
    : address.slice(0, at + 1) + domainToASCII(domain);
}
