import { type ClientOptions, type OrderlyApis, orderlyClient } from '@orderly/client';
import { services } from '@orderly/local/services';
import { urlOf } from './platform.ts';

/** Longer than a service takes to be killed and started again. */
const RETRY_MS = 120_000;

/** A client of a running platform that outlives services being restarted. */
export const clientOf = (
  platform: Parameters<typeof urlOf>[0],
  options: Omit<ClientOptions, 'urls'> = {},
): OrderlyApis =>
  orderlyClient({
    urls: Object.fromEntries(services.map((service) => [service, urlOf(platform, service)])),
    retryForMs: RETRY_MS,
    ...options,
  });
