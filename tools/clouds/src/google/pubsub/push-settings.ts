import { type Fields, flag, part, refuseUnknown, text, texts } from './fields.ts';
import { invalidArgument, notImplemented } from './status.ts';

/** How a subscription pushes. */
export interface PushSettings {
  readonly endpoint: string;
  /** Each push has a token for this audience, with this service account as its `email`. */
  readonly oidc: { readonly serviceAccountEmail: string; readonly audience: string } | undefined;
  /** Undefined: the body is a JSON object with the message in it. */
  readonly unwrapped: { readonly writeMetadata: boolean } | undefined;
}

/** Google pushes to HTTPS only; here HTTP will do, but only on this machine. */
const isLocal = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);

const readEndpoint = (value: string): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' || (url && isLocal(url))) return value;
  throw invalidArgument(
    `Invalid push endpoint given (endpoint=${value}). It is an HTTPS URL, or an HTTP URL on 127.0.0.1.`,
  );
};

const readOidc = (token: Fields | undefined, endpoint: string): PushSettings['oidc'] => {
  if (token === undefined) return undefined;
  refuseUnknown('OidcToken', token, ['serviceAccountEmail', 'audience']);
  const serviceAccountEmail = text(token, 'serviceAccountEmail');
  if (!/^[^@\s]+@[^@\s]+$/.test(serviceAccountEmail))
    throw invalidArgument('oidcToken.serviceAccountEmail is not an e-mail address.');
  return { serviceAccountEmail, audience: text(token, 'audience') || endpoint };
};

/**
 * The settings of a push subscription; undefined where there is no endpoint, which makes it a pull subscription.
 * Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions#pushconfig
 */
export const readPushConfig = (config: Fields | undefined): PushSettings | undefined => {
  if (config === undefined || Object.keys(config).length === 0) return undefined;
  const known = ['pushEndpoint', 'attributes', 'oidcToken', 'pubsubWrapper', 'noWrapper'];
  refuseUnknown('PushConfig', config, known);
  for (const [name, value] of Object.entries(texts(config, 'attributes')))
    if (name !== 'x-goog-version' || value !== 'v1')
      throw notImplemented(`PushConfig.attributes.${name} ${value}`);
  const pushEndpoint = text(config, 'pushEndpoint');
  if (pushEndpoint === '') return undefined;
  const endpoint = readEndpoint(pushEndpoint);
  const [wrapper, noWrapper] = [part(config, 'pubsubWrapper'), part(config, 'noWrapper')];
  if (wrapper && noWrapper) throw invalidArgument('pushConfig has both pubsubWrapper and noWrapper.');
  if (wrapper) refuseUnknown('PubsubWrapper', wrapper, []);
  if (noWrapper) refuseUnknown('NoWrapper', noWrapper, ['writeMetadata']);
  return {
    endpoint,
    oidc: readOidc(part(config, 'oidcToken'), endpoint),
    unwrapped: noWrapper && { writeMetadata: flag(noWrapper, 'writeMetadata') },
  };
};

export const showPushConfig = ({ endpoint, oidc, unwrapped }: PushSettings): Fields => ({
  pushEndpoint: endpoint,
  attributes: { 'x-goog-version': 'v1' },
  ...(oidc && { oidcToken: { serviceAccountEmail: oidc.serviceAccountEmail, audience: oidc.audience } }),
  ...(unwrapped && { noWrapper: { writeMetadata: unwrapped.writeMetadata } }),
});
