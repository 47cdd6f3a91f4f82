import { randomBytes } from 'node:crypto';
import { newSecret, open, seal, signatureHeaders, signingAt } from '../src/domain/secret.ts';
import { after, noon } from './builders.ts';

const key = randomBytes(32);

describe('a secret', () => {
  it('has the form of Standard Webhooks: whsec_ and 24 to 64 bytes in base64', () => {
    const [, base64 = ''] = newSecret().split('whsec_');

    expect(Buffer.from(base64, 'base64').toString('base64')).toBe(base64);
    expect(Buffer.from(base64, 'base64')).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });

  it('is sealed differently each time, and opened again', () => {
    const sealed = seal('whsec_abc', key, 'one');

    expect(sealed.sealed).not.toContain('abc');
    expect(seal('whsec_abc', key, 'one')).not.toEqual(sealed);
    expect(open(sealed, key, 'one')).toBe('whsec_abc');
  });

  it('cannot be opened with another key, for another endpoint, or after a change', () => {
    const { sealed } = seal('whsec_abc', key, 'one');
    const changed = Buffer.from(sealed, 'base64');
    changed.writeUInt8(changed.readUInt8(14) ^ 1, 14);

    expect(() => open({ sealed }, randomBytes(32), 'one')).toThrow();
    expect(() => open({ sealed }, key, 'two')).toThrow();
    expect(() => open({ sealed: changed.toString('base64') }, key, 'one')).toThrow();
  });

  it('signs until it expires', () => {
    const secrets = [{ sealed: 'b' }, { sealed: 'a', expiresAt: after(1_000).toISOString() }];

    expect(signingAt(secrets, noon)).toEqual(secrets);
    expect(signingAt(secrets, after(1_000))).toEqual([{ sealed: 'b' }]);
  });
});

it('A signature is the one of the example in the specification', () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Signature scheme"
  const at = new Date(1614265330 * 1000);
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';

  expect(
    signatureHeaders(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], { id, body: '{"test": 2432232314}', at }),
  ).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('Each secret has its signature, the present one first', () => {
  const { 'webhook-signature': signatures } = signatureHeaders([newSecret(), newSecret()], {
    ...{ id: 'an-id', body: '{}', at: noon },
  });

  expect(signatures).toMatch(/^v1,\S{44} v1,\S{44}$/);
});
