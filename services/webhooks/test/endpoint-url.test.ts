import { isIP } from 'node:net';
import { anyCharacter } from '@orderly/support/any-character';
import fc from 'fast-check';
import { refusedAddress } from '../src/domain/address.ts';
import { hostOf, readEndpointUrl } from '../src/domain/endpoint-url.ts';

const strict = { loopback: false };
const local = { loopback: true };

const host = (name: string, is: string) => `The host ${name} is ${is}`;
const address = (name: string, kind: string) => host(name, `a ${kind} address`);
const privateName = 'a name of private networks';
const noName = 'no name of the public internet';
const notHttps = 'The URL does not begin with https://';
const notAscii = 'The URL has characters that are not visible ASCII';
const invalid = 'The URL has no valid host or port';
const credentials = 'The URL has a user name or a password';
const fragment = 'The URL has a fragment (#)';
const tooLong = 'The URL is longer than 2,048 characters';

const refused: readonly (readonly [url: string, reason: string])[] = [
  // Schemes.
  ['', notHttps],
  ['hooks.example.com', notHttps],
  ['//hooks.example.com', notHttps],
  ['http://hooks.example.com', notHttps],
  ['HTTP://hooks.example.com', notHttps],
  ['https:hooks.example.com', notHttps],
  ['https:/hooks.example.com', notHttps],
  ['https:\\\\hooks.example.com', notHttps],
  ['file:///etc/passwd', notHttps],
  ['ftp://hooks.example.com', notHttps],
  ['gopher://127.0.0.1:6379/_FLUSHALL', notHttps],
  ['ws://hooks.example.com', notHttps],
  ['wss://hooks.example.com', notHttps],
  ['data:text/plain,hello', notHttps],
  ['javascript:alert(1)', notHttps],
  ['blob:https://hooks.example.com/1', notHttps],
  ['view-source:https://hooks.example.com', notHttps],
  ['arn:aws:sqs:eu-central-1:123456789012:queue', notHttps],
  // Spellings of 127.0.0.1.
  ['https://127.0.0.1', address('127.0.0.1', 'loopback')],
  ['https://127.0.0.1.', address('127.0.0.1', 'loopback')],
  ['https://127.1', address('127.0.0.1', 'loopback')],
  ['https://127.0.1', address('127.0.0.1', 'loopback')],
  ['https://2130706433', address('127.0.0.1', 'loopback')],
  ['https://017700000001', address('127.0.0.1', 'loopback')],
  ['https://0x7f000001', address('127.0.0.1', 'loopback')],
  ['https://0X7F.1', address('127.0.0.1', 'loopback')],
  ['https://0177.0.0.1', address('127.0.0.1', 'loopback')],
  ['https://0x7f.0x0.0x0.0x1', address('127.0.0.1', 'loopback')],
  ['https://000000177.0x00.00.1', address('127.0.0.1', 'loopback')],
  ['https://%31%32%37.0.0.1', address('127.0.0.1', 'loopback')],
  ['https://127%2E0%2E0%2E1', address('127.0.0.1', 'loopback')],
  ['https://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1', address('127.0.0.1', 'loopback')],
  ['https://127%E3%80%820%E3%80%820%E3%80%821', address('127.0.0.1', 'loopback')],
  ['https://127.0.0.1:8443/hook', address('127.0.0.1', 'loopback')],
  ['https:///127.0.0.1', address('127.0.0.1', 'loopback')],
  ['https://\\127.0.0.1', address('127.0.0.1', 'loopback')],
  ['https://127.255.255.254', address('127.255.255.254', 'loopback')],
  ['https://[::1]', address('::1', 'loopback')],
  ['https://[0:0:0:0:0:0:0:1]', address('::1', 'loopback')],
  ['https://[0000::0001]:443', address('::1', 'loopback')],
  ['https://[::ffff:127.0.0.1]', address('::ffff:7f00:1', 'loopback')],
  ['https://[::FFFF:7F00:1]', address('::ffff:7f00:1', 'loopback')],
  ['https://[64:ff9b::127.0.0.1]', address('64:ff9b::7f00:1', 'loopback')],
  ['https://[::127.0.0.1]', address('::7f00:1', 'reserved')],
  ['https://[2002:7f00:1::]', address('2002:7f00:1::', '6to4')],
  // Metadata of clouds.
  ['https://169.254.169.254/latest/meta-data/', address('169.254.169.254', 'link-local')],
  ['https://2852039166', address('169.254.169.254', 'link-local')],
  ['https://0xa9fea9fe', address('169.254.169.254', 'link-local')],
  ['https://0251.0376.0251.0376', address('169.254.169.254', 'link-local')],
  ['https://169.254.43518', address('169.254.169.254', 'link-local')],
  ['https://[::ffff:169.254.169.254]', address('::ffff:a9fe:a9fe', 'link-local')],
  ['https://[64:ff9b::a9fe:a9fe]', address('64:ff9b::a9fe:a9fe', 'link-local')],
  ['https://[2002:a9fe:a9fe::1]', address('2002:a9fe:a9fe::1', '6to4')],
  ['https://169.254.170.2/v2/credentials', address('169.254.170.2', 'link-local')],
  ['https://[fd00:ec2::254]', address('fd00:ec2::254', 'private')],
  ['https://100.100.100.200', address('100.100.100.200', 'shared')],
  ['https://192.0.0.192', address('192.0.0.192', 'reserved')],
  ['https://168.63.129.16', address('168.63.129.16', 'reserved')],
  ['https://metadata.google.internal', host('metadata.google.internal', privateName)],
  ['https://metadata.google.internal.', host('metadata.google.internal', privateName)],
  ['https://METADATA.Google.Internal', host('metadata.google.internal', privateName)],
  ['https://metadata', host('metadata', noName)],
  // Private, and what else nobody has a server at.
  ['https://0.0.0.0', address('0.0.0.0', 'reserved')],
  ['https://0', address('0.0.0.0', 'reserved')],
  ['https://10.0.0.1', address('10.0.0.1', 'private')],
  ['https://10.1', address('10.0.0.1', 'private')],
  ['https://012.0.0.1', address('10.0.0.1', 'private')],
  ['https://172.16.0.1', address('172.16.0.1', 'private')],
  ['https://172.31.255.255', address('172.31.255.255', 'private')],
  ['https://192.168.1.1', address('192.168.1.1', 'private')],
  ['https://192.168.257', address('192.168.1.1', 'private')],
  ['https://100.64.0.1', address('100.64.0.1', 'shared')],
  ['https://192.0.2.1', address('192.0.2.1', 'documentation')],
  ['https://198.18.0.1', address('198.18.0.1', 'benchmarking')],
  ['https://224.0.0.1', address('224.0.0.1', 'multicast')],
  ['https://255.255.255.255', address('255.255.255.255', 'reserved')],
  ['https://[::]', address('::', 'reserved')],
  ['https://[fd00::1]', address('fd00::1', 'private')],
  ['https://[fe80::1]', address('fe80::1', 'link-local')],
  ['https://[ff02::1]', address('ff02::1', 'multicast')],
  ['https://[::ffff:10.0.0.1]', address('::ffff:a00:1', 'private')],
  ['https://[64:ff9b:1::10.0.0.1]', address('64:ff9b:1::a00:1', 'reserved')],
  ['https://[2001:db8::1]', address('2001:db8::1', 'documentation')],
  ['https://[2001:0:4136:e378::1]', address('2001:0:4136:e378::1', 'reserved')],
  // Names.
  ['https://localhost', host('localhost', 'a loopback name')],
  ['https://LOCALHOST.', host('localhost', 'a loopback name')],
  ['https://%6c%6f%63%61%6c%68%6f%73%74', host('localhost', 'a loopback name')],
  ['https://hooks.localhost', host('hooks.localhost', 'a loopback name')],
  ['https://ip-10-0-0-1.ec2.internal', host('ip-10-0-0-1.ec2.internal', privateName)],
  ['https://internal', host('internal', privateName)],
  ['https://printer.local', host('printer.local', privateName)],
  ['https://router.home.arpa.', host('router.home.arpa', privateName)],
  ['https://home.arpa', host('home.arpa', privateName)],
  ['https://intranet', host('intranet', noName)],
  ['https://com.', host('com', noName)],
  ['https://.', host('.', noName)],
  ['https://..', host('.', noName)],
  ['https://.example.com', host('.example.com', noName)],
  ['https://hooks..example.com', host('hooks..example.com', noName)],
  ['https://hooks.example.com..', host('hooks.example.com.', noName)],
  ['https://localhost..', host('localhost.', noName)],
  ['https://*.example.com', host('*.example.com', noName)],
  ['https://hooks.example.com;.evil.com', host('hooks.example.com;.evil.com', noName)],
  ['https://-hooks.example.com', host('-hooks.example.com', noName)],
  [`https://${'a'.repeat(64)}.example.com`, host(`${'a'.repeat(64)}.example.com`, noName)],
  [`https://${'a.'.repeat(125)}example`, host(`${'a.'.repeat(125)}example`, noName)],
  // What is no host, or no port.
  ['https://', invalid],
  ['https://:443', invalid],
  ['https://#', invalid],
  ['https://hooks.example.com:65536', invalid],
  ['https://hooks.example.com:https', invalid],
  ['https://1.2.3.4.5', invalid],
  ['https://256.256.256.256', invalid],
  ['https://4294967296', invalid],
  ['https://08.8.8.8', invalid],
  ['https://hooks.0x7f', invalid],
  ['https://[::1', invalid],
  ['https://[fe80::1%25eth0]', invalid],
  ['https://[fe80::1%eth0]', invalid],
  ['https://[127.0.0.1]', invalid],
  ['https://[::1].example.com', invalid],
  ['https://hooks%00.example.com', invalid],
  ['https://hooks%2Fexample.com', invalid],
  ['https://%', invalid],
  ['https://xn--a.example.com', invalid],
  ['https://hooks.example.com|evil.com', invalid],
  // Characters.
  ['https://127。0。0。1', notAscii],
  ['https://１２７.0.0.1', notAscii],
  ['https://①②⑦.0.0.1', notAscii],
  ['https://ⓛocalhost', notAscii],
  ['https://bücher.example.com', notAscii],
  ['https://hooks.example.com/ü', notAscii],
  ['https://local\thost', notAscii],
  ['https://hooks.example.com/\r\nhost:evil', notAscii],
  [' https://hooks.example.com', notAscii],
  ['https://hooks.example.com ', notAscii],
  ['https://hooks.example.com/\0', notAscii],
  ['https://hooks.example.com/\u007f', notAscii],
  // Credentials and fragments.
  ['https://user@hooks.example.com', credentials],
  ['https://user:password@hooks.example.com', credentials],
  ['https://:password@hooks.example.com', credentials],
  ['https://hooks.example.com@127.0.0.1', credentials],
  ['https://hooks.example.com%40127.0.0.1@10.0.0.1', credentials],
  ['https://hooks.example.com#', fragment],
  ['https://hooks.example.com/hook#part', fragment],
  ['https://hooks.example.com#@127.0.0.1', fragment],
  ['https://127.0.0.1#@hooks.example.com', fragment],
];

it.each(refused)('%j is refused: %s', (url, reason) => {
  expect(readEndpointUrl(url, strict)).toEqual({ outcome: 'refused', reason });
});

it.each([
  ['https://hooks.example.com', 'https://hooks.example.com/'],
  ['HTTPS://Hooks.Example.COM/Path', 'https://hooks.example.com/Path'],
  ['https://hooks.example.com.', 'https://hooks.example.com/'],
  ['https://hooks.example.com.:8443/a', 'https://hooks.example.com:8443/a'],
  ['https://hooks.example.com:443/', 'https://hooks.example.com/'],
  ['https://hooks.example.com:80/', 'https://hooks.example.com:80/'],
  ['https://hooks.example.com:65535/', 'https://hooks.example.com:65535/'],
  ['https://hooks.example.com/a/../b?c=d&e=%20f', 'https://hooks.example.com/b?c=d&e=%20f'],
  ['https://hooks.example.com?to=http://127.0.0.1/', 'https://hooks.example.com/?to=http://127.0.0.1/'],
  ['https://hooks.example.com\\@127.0.0.1', 'https://hooks.example.com/@127.0.0.1'],
  ['https://hooks.example.com/user:password@host', 'https://hooks.example.com/user:password@host'],
  ['https://@hooks.example.com/', 'https://hooks.example.com/'],
  ['https://my_hooks.example.com', 'https://my_hooks.example.com/'],
  ['https://a.b', 'https://a.b/'],
  ['https://1e100.net', 'https://1e100.net/'],
  ['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example/'],
  ['https://example.xn--p1ai', 'https://example.xn--p1ai/'],
  ['https://internal.example.com', 'https://internal.example.com/'],
  ['https://localhost.example.com', 'https://localhost.example.com/'],
  ['https://notlocal.example', 'https://notlocal.example/'],
  ['https://8.8.8.8/hook', 'https://8.8.8.8/hook'],
  ['https://134744072', 'https://8.8.8.8/'],
  ['https://[2600:1f18::1]:8443', 'https://[2600:1f18::1]:8443/'],
  ['https://[::ffff:8.8.8.8]', 'https://[::ffff:808:808]/'],
  // Their addresses are asked for before each attempt.
  ['https://10.0.0.1.nip.io', 'https://10.0.0.1.nip.io/'],
])('%s is accepted as %s', (url, href) => {
  const read = readEndpointUrl(url, strict);

  expect(read.outcome === 'accepted' && read.url.href).toBe(href);
});

it('a URL may have 2,048 characters, also as it is normalised', () => {
  const longest = `https://hooks.example.com/${'a'.repeat(2_022)}`;

  expect(readEndpointUrl(longest, strict)).toEqual({ outcome: 'accepted', url: new URL(longest) });
  for (const text of [`${longest}a`, `https://hooks.example.com/?${'"'.repeat(1_000)}`]) {
    expect(readEndpointUrl(text, strict)).toEqual({ outcome: 'refused', reason: tooLong });
  }
});

describe('where the rules allow loopback', () => {
  it.each([
    ['http://localhost:3000/hook', 'http://localhost:3000/hook'],
    ['https://localhost', 'https://localhost/'],
    ['http://hooks.localhost.', 'http://hooks.localhost/'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['http://0x7f.1', 'http://127.0.0.1/'],
    ['http://[::1]:8080', 'http://[::1]:8080/'],
    ['http://[::ffff:127.0.0.1]', 'http://[::ffff:7f00:1]/'],
    ['https://hooks.example.com', 'https://hooks.example.com/'],
  ])('%s is accepted as %s', (url, href) => {
    const read = readEndpointUrl(url, local);

    expect(read.outcome === 'accepted' && read.url.href).toBe(href);
  });

  it.each([
    ['http://hooks.example.com', notHttps],
    ['http://8.8.8.8', notHttps],
    ['http://localhost.example.com', notHttps],
    ['ftp://localhost', notHttps],
    ['http://user@localhost', credentials],
    ['http://10.0.0.1', address('10.0.0.1', 'private')],
    ['http://169.254.169.254', address('169.254.169.254', 'link-local')],
    ['http://0.0.0.0', address('0.0.0.0', 'reserved')],
    ['http://[fe80::1]', address('fe80::1', 'link-local')],
    ['http://metadata.google.internal', host('metadata.google.internal', privateName)],
    ['http://myhost', host('myhost', noName)],
  ])('%s is refused: %s', (url, reason) => {
    expect(readEndpointUrl(url, local)).toEqual({ outcome: 'refused', reason });
  });
});

/** An address in every spelling that URLs know. */
const spelled = fc
  .tuple(
    fc.oneof(
      fc.nat(2 ** 32 - 1),
      fc.constantFrom(0x7f000001, 0xa9fea9fe, 0x0a000001, 0xac100001, 0xc0a80001, 0x64400001, 0),
    ),
    fc.constantFrom(1, 2, 3, 4),
    fc.array(
      fc.constantFrom<(part: number) => string>(
        (part) => String(part),
        (part) => `0${part.toString(8)}`,
        (part) => `0x${part.toString(16)}`,
        (part) => `0X00${part.toString(16).toUpperCase()}`,
        (part) => String(part).replace(/./g, (digit) => `%3${digit}`),
      ),
      { minLength: 4, maxLength: 4 },
    ),
    fc.constantFrom('', '.'),
  )
  .map(([value, parts, radixes, end]) => {
    const numbers = [24, 16, 8].slice(0, parts - 1).map((shift) => (value >>> shift) & 255);
    const last = value % 2 ** (32 - 8 * (parts - 1));
    const text = [...numbers, last].map((part, index) => radixes[index]?.(part)).join('.') + end;
    return { text, plain: [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.') };
  });

it('an IPv4 address is judged as what it is, in every spelling', () => {
  fc.assert(
    fc.property(spelled, ({ text, plain }) => {
      const reason = refusedAddress(plain, strict);
      const read = readEndpointUrl(`https://${text}/`, strict);
      expect(read).toEqual(
        reason === undefined
          ? { outcome: 'accepted', url: new URL(`https://${plain}/`) }
          : { outcome: 'refused', reason: address(plain, reason) },
      );
    }),
    { numRuns: 1_000 },
  );
});

const anyText = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: anyCharacter }).map((text) => `https://${text}`),
  fc.string({ unit: 'grapheme' }).map((text) => `https://${text}.example.com`),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.tuple(fc.ipV6(), fc.string()).map(([text, rest]) => `https://[${text}]${rest}`),
  fc
    .tuple(spelled, fc.string())
    .map(([{ text }, rest]) => `http${rest.length % 2 ? 's' : ''}://${text}${rest}`),
  fc
    .array(
      fc.constantFrom(
        'https://',
        'http://',
        'localhost',
        '127.0.0.1',
        '.',
        ':',
        '@',
        '/',
        '#',
        '[',
        ']',
        '%',
        '::',
        '\\',
        'a',
        '0x',
        '10',
      ),
    )
    .map((parts) => `https://${parts.join('')}`),
);

it('no text makes it throw, and none that it accepts leads to an address that is refused', () => {
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, loopback) => {
      const read = readEndpointUrl(text, { loopback });
      if (read.outcome === 'refused') {
        expect(read.reason).toMatch(/^The (URL|host) /);
        return;
      }
      const { url } = read;
      expect([url.username, url.password, url.hash]).toEqual(['', '', '']);
      expect(url.href).toMatch(loopback ? /^https?:[!-~]+$/ : /^https:[!-~]+$/);
      expect(hostOf(url)).not.toMatch(loopback ? /\.$/ : /(^|\.)localhost$|\.$/);
      if (isIP(hostOf(url)) !== 0) expect(refusedAddress(hostOf(url), { loopback })).toBeUndefined();
    }),
    { numRuns: 5_000 },
  );
});

it('a URL that was accepted is accepted again as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const read = readEndpointUrl(text, local);
      fc.pre(read.outcome === 'accepted');
      expect(readEndpointUrl(read.url.href, local)).toEqual(read);
    }),
    { numRuns: 1_000 },
  );
});
