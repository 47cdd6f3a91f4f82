import type { AllowedDifference } from './allowed-differences.ts';
import type { Verdict } from './verdict.ts';

export interface Line {
  readonly subject: string;
  readonly name: string;
  readonly verdict: Verdict;
}

const MARKS: Readonly<Record<Verdict['outcome'], string>> = {
  passed: 'passed',
  failed: 'FAILED',
  allowed: 'allowed difference',
  notRun: 'not run',
};

const WIDTH = Math.max(...Object.values(MARKS).map((mark) => mark.length));

const detailOf = (verdict: Verdict): string | undefined => {
  if (verdict.outcome === 'failed') return verdict.message;
  if (verdict.outcome === 'notRun') return verdict.reason;
  if (verdict.outcome === 'allowed') return verdict.difference.does;
  return undefined;
};

const indent = (text: string): string => text.replaceAll(/^/gm, ' '.repeat(WIDTH + 4));

/** One case as the table shows it. */
export const formatLine = ({ name, verdict }: Line): string => {
  const detail = detailOf(verdict);
  const line = `  ${MARKS[verdict.outcome].padEnd(WIDTH)}  ${name}`;
  return detail === undefined ? line : `${line}\n${indent(detail)}`;
};

/** E.g. `203 passed, 0 failed, 14 allowed differences`. */
export const formatSummary = (lines: readonly Line[]): string => {
  const count = (outcome: Verdict['outcome']): number =>
    lines.filter(({ verdict }) => verdict.outcome === outcome).length;
  const notRun = count('notRun');
  return [
    `${count('passed')} passed`,
    `${count('failed')} failed`,
    `${count('allowed')} allowed differences`,
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ].join(', ');
};

export const formatDifference = ({ name, does, reason, source }: AllowedDifference): string =>
  [name, `  DynamoDB Local: ${does}`, `  Reason: ${reason}`, ...(source ? [`  ${source}`] : [])].join('\n');
