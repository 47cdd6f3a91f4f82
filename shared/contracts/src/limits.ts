import * as v from 'valibot';

// The marks let bundlers drop schemas that are not used.

/** A whole number between two limits, both included; `what` names it in the messages. */
/* @__NO_SIDE_EFFECTS__ */
export const integer = (what: string, min: number, max: number) =>
  v.pipe(
    v.number(`${what} must be a number`),
    v.integer(`${what} must be an integer`),
    v.minValue(min, `${what} must be at least ${min}`),
    v.maxValue(max, `${what} must be at most ${max}`),
  );

/** Any text; `what` names it in the message. */
/* @__NO_SIDE_EFFECTS__ */
export const anyText = (what: string) => v.string(notText(what));

/** The message about a value that is no text. */
/* @__NO_SIDE_EFFECTS__ */
export const notText =
  (what: string) =>
  ({ input }: { readonly input: unknown }): string =>
    `${what} must be a string, not ${kindOf(input)}`;

/** The kind of a value in words: `a number`, `a list`, `null`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Readable text of 1 to `max` characters; `what` names it in the messages.
 *
 * Control characters forge log lines and mail headers, bidirectional ones (Unicode's property Bidi_Control) make a
 * line read as something else (https://trojansource.codes), and a text of blanks and fillers cannot be seen.
 */
/* @__NO_SIDE_EFFECTS__ */
export const text = (what: string, max: number) =>
  v.pipe(
    anyText(what),
    v.minLength(1, `${what} must not be empty`),
    v.maxLength(max, `${what} must be at most ${max} characters long`),
    v.regex(readable, ({ input }) => `${what} must not ${faultOf(input)}`),
  );

const readable =
  /^(?![\p{Z}\p{Cf}\u115F\u1160\u3164\uFFA0\u2800]+$)[^\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]*$/u;

function faultOf(input: string): string {
  if (/[\p{Cc}\p{Cs}]/u.test(input)) return 'hold control characters or lone surrogates';
  return /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(input)
    ? 'hold bidirectional control characters'
    : 'be blank';
}
