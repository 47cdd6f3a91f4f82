import { host } from './ports.ts';

/** For whom the local issuer's tokens are. */
export const audience = 'orderly';

export interface Issuer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Claims that replace those of a token, e.g. `{ exp: 0 }`. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Starts an OpenID Connect issuer with a key of its own. Its token endpoint trusts every caller, and takes beside what
 * OAuth 2.0 knows a parameter `claims`, a JSON object.
 */
export const startIssuer = async (port: number): Promise<Issuer> => {
  // Imported when needed: it brings a web framework.
  const { OAuth2Server } = await import('oauth2-mock-server');
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(port, host);
  const url = `http://${host}:${port}`;
  server.issuer.url = url;
  server.service.on('beforeTokenSigning', ({ payload }: { payload: object }, { body }: { body: object }) => {
    const { claims = '{}' } = body as { readonly claims?: string };
    Object.assign(payload, { aud: audience }, JSON.parse(claims));
  });
  return { url, stop: () => server.stop() };
};

/** For whom a token is, and what for. */
export interface TokenRequest {
  readonly sub: string;
  /** Scopes, separated by spaces. */
  readonly scope: string;
  readonly claims?: Claims;
}

/** A token is good for an hour. */
const RENEWAL_MS = 30 * 60_000;

/** Gives the same token for half of its life, then another one. */
export const tokenSource = (issuer: string, request: TokenRequest): (() => Promise<string>) => {
  let token: Promise<string> | undefined;
  let renewal = 0;
  return () => {
    if (token !== undefined && Date.now() < renewal) return token;
    renewal = Date.now() + RENEWAL_MS;
    token = requestToken(issuer, request);
    token.catch(() => {
      token = undefined;
    });
    return token;
  };
};

/**
 * A token of a local issuer, good for an hour.
 *
 * @throws Error when the issuer does not answer with one
 */
export const requestToken = async (
  issuer: string,
  { sub, scope, claims = {} }: TokenRequest,
): Promise<string> => {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      username: sub,
      scope,
      claims: JSON.stringify(claims),
    }),
  });
  const { access_token: token }: { access_token?: unknown } = answer.ok ? Object(await answer.json()) : {};
  if (typeof token !== 'string') throw new Error(`${issuer} answered ${answer.status} and gave no token.`);
  return token;
};
