/**
 * A refusal of this very message: SMTP's 5xx to the envelope or the message (RFC 5321, section 4.2.1), SES's
 * MessageRejected. Not one that our own mistake causes, which can be corrected.
 */
export function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || isOurMistake(error)) return false;
  if (error.name === 'MessageRejected') return true;
  const { code, command, responseCode } = error as SmtpError;
  const aboutThis = (code === 'EENVELOPE' && command !== 'MAIL FROM') || code === 'EMESSAGE';
  return aboutThis && typeof responseCode === 'number' && responseCode >= 500;
}

/**
 * Whether the provider takes no more for now. SMTP has no code for it: SES answers 454 and "Throttling failure", others 421 or a 4xx
 * that speaks of a rate, or of too many connections or messages.
 */
export function isThrottled(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isThrottle(error.name)) return true;
  const { responseCode } = error as SmtpError;
  if (typeof responseCode !== 'number' || responseCode < 400 || responseCode >= 500) return false;
  return responseCode === 421 || /throttl|\brate\b|too (many|much)/i.test(error.message);
}

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
const isThrottle = (name: string): boolean =>
  name === 'TooManyRequestsException' || name === 'ThrottlingException';

/** Whether the server refuses our password, e.g. because it was changed. */
export function isFailedLogin(error: unknown): boolean {
  return error instanceof Error && (error as SmtpError).code === 'EAUTH';
}

/** With what nodemailer adds to its errors. */
type SmtpError = Error & Partial<Record<'code' | 'command' | 'responseCode', unknown>>;

/**
 * Providers use the same codes for a sender that is not verified, an account in the sandbox or suspended, or a server that
 * does not relay for us. Then every message would be refused, though none of them is wrong.
 * SES: https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html and
 * https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html. Enhanced codes: RFC 3463, sections 3.2 (the sender's
 * address) and 3.8 (security and policy).
 */
const ourMistakes = [
  /not verified/i,
  /not authorized/i,
  /access denied/i,
  /relay/i,
  /sending (is |was |has been )?(paused|suspended|disabled)/i,
  /account .*(paused|suspended|disabled|blocked)/i,
  /\b5\.1\.[78]\b/,
  /\b5\.7\.\d+\b/,
];

function isOurMistake({ message }: Error): boolean {
  return ourMistakes.some((pattern) => pattern.test(message));
}
