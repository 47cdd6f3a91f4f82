import { InvalidArgumentError } from 'commander';

/** The AWS services that a command may call at an address of their own. */
export const endpointServices = ['dynamodb', 'sqs'] as const;
export type EndpointService = (typeof endpointServices)[number];

export type Endpoints = Readonly<Partial<Record<EndpointService, string>>>;

/**
 * Reads one `--endpoint` and adds it to those before it: `<url>` is for both services, `dynamodb=<url>` and
 * `sqs=<url>` for one.
 *
 * @throws InvalidArgumentError for what is no http(s) URL, or names another service
 */
export function addEndpoint(value: string, before: Endpoints = {}): Endpoints {
  const [, service, address = ''] = /^(?:([a-z0-9]+)=)?(.*)$/.exec(value) ?? [];
  const url = parsedUrl(address);
  if (service === undefined) return { ...before, dynamodb: url, sqs: url };
  const known = endpointServices.find((name) => name === service);
  if (known === undefined) {
    throw new InvalidArgumentError(`"${service}" is none of ${endpointServices.join(', ')}.`);
  }
  return { ...before, [known]: url };
}

function parsedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError(
    'It must be <url>, dynamodb=<url> or sqs=<url>, with a URL of http or https.',
  );
}
