import * as v from 'valibot';

// Bundlers drop what is built by calls so marked, and not used.

/** A whole number between two limits, both included; `what` names it in the messages. */
/* @__NO_SIDE_EFFECTS__ */
export const integer = (what: string, min: number, max: number) =>
  v.pipe(
    v.number(`${what} must be a number`),
    v.integer(`${what} must be an integer`),
    v.minValue(min, `${what} must be at least ${min}`),
    v.maxValue(max, `${what} must be at most ${max}`),
  );

/** 1 to `max` characters that people read; `what` names it in the messages. */
/* @__NO_SIDE_EFFECTS__ */
export const text = (what: string, max: number) =>
  v.pipe(
    v.string(`${what} must be a string`),
    v.minLength(1, `${what} must not be empty`),
    v.maxLength(max, `${what} must be at most ${max} characters long`),
    // Control characters have no place in a name; they forge log lines and mail headers.
    v.regex(/^[^\p{Cc}\p{Cs}]*$/u, `${what} must not hold control characters or lone surrogates`),
  );
