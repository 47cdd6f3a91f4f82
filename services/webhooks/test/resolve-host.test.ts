import { type LookupAll, resolveHost, sharingLookup } from '../src/adapters/resolve-host.ts';

const strict = { loopback: false };
const name = 'hooks.example.com';

const answering =
  (...addresses: string[]): LookupAll =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const failing =
  (code: string): LookupAll =>
  () =>
    Promise.reject(Object.assign(new Error(code), { code }));

it('a name with public addresses only is resolved to all of them', async () => {
  expect(await resolveHost(name, strict, answering('8.8.8.8', '2600::1'))).toEqual({
    outcome: 'resolved',
    addresses: [
      { address: '8.8.8.8', family: 4 },
      { address: '2600::1', family: 6 },
    ],
  });
});

it.each([
  ['private', ['10.0.0.1']],
  ['private', ['8.8.8.8', '192.168.0.1']],
  ['private', ['192.168.0.1', '8.8.8.8']],
  ['private', ['8.8.8.8', '2600::1', 'fd00:ec2::254']],
  ['link-local', ['169.254.169.254']],
  ['link-local', ['fe80::1']],
  ['loopback', ['127.0.0.1']],
  ['loopback', ['::1']],
  ['loopback', ['::ffff:127.0.0.1']],
  ['shared', ['100.64.0.1']],
  ['reserved', ['0.0.0.0']],
  ['6to4', ['2002:a00:1::']],
  ['malformed', ['fe80::1%eth0']],
  ['malformed', ['8.8.8.8', '']],
])('a name with a %s address among %j is refused', async (kind, addresses) => {
  expect(await resolveHost(name, strict, answering(...addresses))).toEqual({
    outcome: 'refused',
    reason: `${name} has a ${kind} address`,
  });
});

it.each([
  ['10.0.0.1.nip.io', '10.0.0.1', 'private'],
  ['169-254-169-254.sslip.io', '169.254.169.254', 'link-local'],
  ['localtest.me', '127.0.0.1', 'loopback'],
])('%s is refused, since it means %s', async (hostname, address, kind) => {
  expect(await resolveHost(hostname, strict, answering(address))).toEqual({
    outcome: 'refused',
    reason: `${hostname} has a ${kind} address`,
  });
});

it('loopback is resolved where the rules allow it', async () => {
  expect(await resolveHost('localhost', { loopback: true }, answering('::1', '127.0.0.1'))).toMatchObject({
    outcome: 'resolved',
  });
});

it.each([
  ['ENOTFOUND', failing('ENOTFOUND'), `${name} has no address`],
  ['no address', answering(), `${name} has no address`],
  ['EAI_AGAIN', failing('EAI_AGAIN'), `${name} could not be looked up`],
  ['ETIMEOUT', failing('ETIMEOUT'), `${name} could not be looked up`],
])('a name is unknown when its lookup ends with %s', async (_case, lookup, reason) => {
  expect(await resolveHost(name, strict, lookup)).toEqual({ outcome: 'unknown', reason });
});

it.each([
  ['8.8.8.8', { outcome: 'resolved', addresses: [{ address: '8.8.8.8', family: 4 }] }],
  ['[2600::1]', { outcome: 'resolved', addresses: [{ address: '2600::1', family: 6 }] }],
  ['10.0.0.1', { outcome: 'refused', reason: '10.0.0.1 has a private address' }],
  ['[::1]', { outcome: 'refused', reason: '::1 has a loopback address' }],
])('the address %s is judged without a lookup', async (hostname, resolved) => {
  const lookup = jest.fn(answering('8.8.4.4'));

  expect(await resolveHost(hostname, strict, lookup)).toEqual(resolved);
  expect(lookup).not.toHaveBeenCalled();
});

it('without a lookup of its own, a name is looked up as the machine does', async () => {
  expect(await resolveHost('localhost', { loopback: true })).toMatchObject({ outcome: 'resolved' });
  expect(await resolveHost('localhost', strict)).toEqual({
    outcome: 'refused',
    reason: 'localhost has a loopback address',
  });
});

describe('a lookup that is shared', () => {
  it('is one for all who ask while it runs, and a new one later', async () => {
    let answers = 0;
    const lookup = jest.fn(async (hostname: string) => [{ address: `${hostname} ${++answers}`, family: 4 }]);
    const shared = sharingLookup(lookup);

    const together = await Promise.all([shared('a'), shared('a'), shared('b')]);
    const later = await shared('a');

    expect([...together, later].map(([first]) => first?.address)).toEqual(['a 1', 'a 1', 'b 2', 'a 3']);
    expect(lookup).toHaveBeenCalledTimes(3);
  });

  it('is a new one after one that failed', async () => {
    const lookup = jest.fn(answering('8.8.8.8')).mockImplementationOnce(failing('EAI_AGAIN'));
    const shared = sharingLookup(lookup);

    await expect(shared('a')).rejects.toThrow('EAI_AGAIN');
    expect(await shared('a')).toHaveLength(1);
  });
});
