/** The API of the platform's webhooks service; `npm run example` sets it. */
const api = process.env.WEBHOOKS_API ?? 'http://127.0.0.1:3004';
/** A token with the scopes webhooks:read and webhooks:write, where the stage has an issuer. */
const token = process.env.WEBHOOKS_TOKEN;

async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok)
    throw new Error(`${method} ${path} is answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** An endpoint, and the secret that verifies its requests. */
export interface Endpoint {
  readonly endpointId: string;
  readonly secret: string;
}

/** Registers an endpoint for these events, by their names. Only this answer has the secret. */
export const registerEndpoint = (url: string, events: readonly string[]): Promise<Endpoint> =>
  call('POST', '/endpoints', { url, events, description: 'webhook-receiver, an example' });

/** What waits for the endpoint is not sent any more. */
export const deleteEndpoint = ({ endpointId }: Endpoint): Promise<unknown> =>
  call('DELETE', `/endpoints/${endpointId}`);
