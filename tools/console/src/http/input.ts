import { describeIssues, parse, type Schema } from '@orderly/contracts';
import { badRequest } from './problem.ts';

/** @throws Refusal 400 that names what is wrong with the input */
export const readInput = <T>(schema: Schema<T>, input: unknown): T => {
  const read = parse(schema, input);
  if (read.outcome === 'valid') return read.value;
  throw badRequest(describeIssues(read.issues));
};
