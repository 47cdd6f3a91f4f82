import { badRequest } from '../http/problem.ts';

/** Where a page of items ended, as a part of an address. */
export const textOfPosition = (position: object): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** @throws Refusal for a text that `textOfPosition` has not made */
export const positionIn = (after: string | undefined): Record<string, string> | undefined => {
  if (after === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
  } catch {
    throw badRequest('after is not the position of a page.');
  }
};
