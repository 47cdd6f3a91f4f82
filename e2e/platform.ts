import { findPlatform, type PlatformRecord } from '@orderly/local/platform';

/** The platform under test: started by the suite (see jest/start-platform.ts). */
export function platform(): PlatformRecord {
  const stage = process.env.ORDERLY_STAGE;
  const record = stage === undefined ? undefined : findPlatform(stage);
  if (record === undefined) throw new Error('No platform is running for this suite');
  return record;
}

/** The base URL of a service. @throws Error for one that the platform does not have */
export function urlOf(service: string): string {
  const url = platform().services[service]?.url;
  if (url === undefined) throw new Error(`There is no service ${service}`);
  return url;
}
