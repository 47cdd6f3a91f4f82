import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, services } from '@orderly/local/services';
import { parse } from 'yaml';
import type { ApiRow } from '../api.ts';
import { notFound } from '../http/problem.ts';

interface OpenApi {
  readonly info: { readonly title: string };
}

const fileOf = (service: string): string =>
  join(repositoryRoot, 'docs', 'reference', 'openapi', `${service}.yaml`);

const readDocument = (service: string): OpenApi => parse(readFileSync(fileOf(service), 'utf8'));

export const listApis = (): readonly ApiRow[] =>
  services
    .filter((service) => existsSync(fileOf(service)))
    .map((service) => ({ service, title: readDocument(service).info.title }));

/** A service's OpenAPI document, with the console as its server. @throws Refusal for a service without one */
export const readApi = (service: string): object => {
  if (!services.includes(service) || !existsSync(fileOf(service))) {
    throw notFound(`There is no API of ${service}.`);
  }
  return { ...readDocument(service), servers: [{ url: `/api/call/${service}` }] };
};
