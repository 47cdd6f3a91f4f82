import type { AwsError } from '../../protocol/error.ts';
import { validationException } from '../errors.ts';

export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

export const expressionError = (kind: ExpressionKind, detail: string): AwsError =>
  validationException(`Invalid ${kind}: ${detail}`);

export const syntaxError = (kind: ExpressionKind, token: string, near: string): AwsError =>
  expressionError(kind, `Syntax error; token: "${token}", near: "${near}"`);

export const operandTypeError = (
  kind: ExpressionKind,
  operator: string,
  type: string,
  what = 'operator or function',
  allowed?: string,
): AwsError =>
  expressionError(
    kind,
    `Incorrect operand type for operator or function; ${what}: ${operator}, operand type: ${type}${allowed === undefined ? '' : `, typeSet: ${allowed}`}`,
  );
