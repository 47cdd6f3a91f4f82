import { badRequest } from './problem.ts';

const LONGEST_LIST = 1_000;

/** @returns undefined for a parameter that is absent or empty */
export const textIn = (query: URLSearchParams, name: string): string | undefined =>
  query.get(name)?.trim() || undefined;

/** Whether a value is the one that a parameter asks for; everything is where it asks for nothing. */
export const isWanted = (query: URLSearchParams, name: string, value: unknown): boolean => {
  const wanted = textIn(query, name);
  return wanted === undefined || value === wanted;
};

/** @throws Refusal 400 unless it is from 1 to 1,000 */
export const limitIn = (query: URLSearchParams, fallback = 200): number => {
  const limit = Number(query.get('limit') ?? fallback);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LONGEST_LIST) return limit;
  throw badRequest(`limit must be a whole number from 1 to ${LONGEST_LIST}.`);
};
