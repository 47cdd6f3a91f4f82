import type { AllowedDifference } from './allowed-differences.ts';
import type { CaseResult } from './run-cases.ts';

/** What a result means once the allowed differences are known. */
export type Verdict = CaseResult | { readonly outcome: 'allowed'; readonly difference: AllowedDifference };

/**
 * Judges a result. An allowed difference must be there, and be the one that is listed.
 * @param difference what the list allows for this case on this target, if anything
 */
export const judge = (result: CaseResult, difference: AllowedDifference | undefined): Verdict => {
  if (difference === undefined || result.outcome === 'notRun') return result;
  if (result.outcome === 'passed') {
    return {
      outcome: 'failed',
      message: 'It passes, but it is listed in allowed-differences.ts: remove it.',
    };
  }
  if (!result.message.includes(difference.failure)) {
    return {
      outcome: 'failed',
      message: `It fails in another way than allowed-differences.ts says: ${result.message}`,
    };
  }
  return { outcome: 'allowed', difference };
};
