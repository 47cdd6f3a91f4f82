import { createPublicKey, verify } from 'node:crypto';
import type { Pushed } from './endpoint.ts';
import { until } from './poll.ts';
import { isDone, publish, start, startEnd, subscribe } from './pushing.ts';

describe('https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions', () => {
  const decode = (part = ''): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString());

  const tokenOf = ({ headers }: Pushed) => {
    const [scheme, token = ''] = headers.authorization?.split(' ') ?? [];
    const [header, claims, signature = ''] = token.split('.');
    return {
      scheme,
      header: decode(header),
      claims: decode(claims),
      signed: `${header}.${claims}`,
      signature,
    };
  };

  it('pushes with a token for the audience, signed with a key that the issuer shows', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    const oidcToken = { serviceAccountEmail: 'pusher@orderly.iam.gserviceaccount.com', audience: 'billing' };
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, oidcToken } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));

    const { scheme, header, claims, signed, signature } = tokenOf(endpoint.pushed[0] as Pushed);
    expect(scheme).toBe('Bearer');
    expect(claims).toEqual({
      aud: 'billing',
      email: 'pusher@orderly.iam.gserviceaccount.com',
      email_verified: true,
      iss: pubsub.url,
      iat: expect.any(Number),
      exp: Number(claims.iat) + 3_600,
      sub: expect.stringMatching(/^\d{21}$/),
      azp: claims.sub,
    });
    const discovery = await fetch(`${pubsub.url}/.well-known/openid-configuration`);
    const { jwks_uri, issuer } = (await discovery.json()) as { jwks_uri: string; issuer: string };
    const { keys } = (await (await fetch(jwks_uri)).json()) as { keys: { kid: string }[] };
    const key = keys.find(({ kid }) => kid === header.kid) ?? {};
    expect([issuer, header.alg]).toEqual([pubsub.url, 'RS256']);
    const publicKey = createPublicKey({ key, format: 'jwk' });
    expect(verify('RSA-SHA256', Buffer.from(signed), publicKey, Buffer.from(signature, 'base64url'))).toBe(
      true,
    );
  });

  it('takes the endpoint as the audience unless one is set', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    const oidcToken = { serviceAccountEmail: 'pusher@orderly.iam.gserviceaccount.com' };
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, oidcToken } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));
    expect(tokenOf(endpoint.pushed[0] as Pushed).claims.aud).toBe(endpoint.url);
  });

  it('pushes without a token where none is configured', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));
    expect(endpoint.pushed[0]?.headers).not.toHaveProperty('authorization');
  });
});
