import type { AttributeValue } from '../attribute-value.ts';
import { validationException } from '../errors.ts';
import type { Bindings } from './bindings.ts';
import { type BoundCondition, type BoundOperand, bindCondition } from './condition.ts';
import type { Comparator } from './condition-parser.ts';

/** What a query demands of one key attribute. */
export type KeyCondition =
  | { readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'begins_with'; readonly value: AttributeValue }
  | { readonly operator: 'BETWEEN'; readonly low: AttributeValue; readonly high: AttributeValue };

type Single = readonly [attribute: string, condition: KeyCondition];

const invalidOperator = (operator: string) =>
  validationException(`Invalid operator used in KeyConditionExpression: ${operator}`);

const invalid = (detail: string) =>
  validationException(`Invalid condition in KeyConditionExpression: ${detail}`);

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

const attributeOf = (operand: BoundOperand): string => {
  if (operand.kind === 'size')
    throw validationException('KeyConditionExpressions cannot contain nested operations');
  if (operand.kind !== 'path') throw invalid('No key attribute specified');
  if (operand.path.length > 1)
    throw validationException('KeyConditionExpressions cannot have conditions on nested attributes');
  return operand.path[0];
};

const constantOf = (operand: BoundOperand): AttributeValue => {
  if (operand.kind === 'size')
    throw validationException('KeyConditionExpressions cannot contain nested operations');
  if (operand.kind === 'path') throw invalid('Multiple attribute names used in one condition');
  return operand.value;
};

const firstOperand = (operator: string, operand: BoundOperand): string => {
  if (operand.kind === 'value')
    throw invalid(`${operator} operator must have the key attribute as its first operand`);
  return attributeOf(operand);
};

const comparison = (comparator: Comparator, left: BoundOperand, right: BoundOperand): Single => {
  if (comparator === '<>') throw invalidOperator(comparator);
  if (left.kind === 'value')
    return [attributeOf(right), { operator: MIRRORED[comparator], value: left.value }];
  return [attributeOf(left), { operator: comparator, value: constantOf(right) }];
};

const single = (condition: BoundCondition): Single => {
  switch (condition.kind) {
    case 'compare':
      return comparison(condition.comparator, condition.left, condition.right);
    case 'between': {
      const attribute = firstOperand('BETWEEN', condition.operand);
      return [
        attribute,
        { operator: 'BETWEEN', low: constantOf(condition.low), high: constantOf(condition.high) },
      ];
    }
    case 'function': {
      if (condition.name !== 'begins_with' || !condition.second) throw invalidOperator(condition.name);
      const attribute = firstOperand(condition.name, condition.first);
      return [attribute, { operator: 'begins_with', value: constantOf(condition.second) }];
    }
    default:
      throw invalidOperator(condition.kind.toUpperCase());
  }
};

const conditionsOf = (condition: BoundCondition): readonly Single[] =>
  condition.kind === 'and'
    ? [...conditionsOf(condition.left), ...conditionsOf(condition.right)]
    : [single(condition)];

/** What a KeyConditionExpression demands, by attribute. */
export const bindKeyCondition = (source: string, bindings: Bindings): ReadonlyMap<string, KeyCondition> => {
  const conditions = conditionsOf(bindCondition(source, 'KeyConditionExpression', bindings));
  const byAttribute = new Map(conditions);
  if (byAttribute.size < conditions.length)
    throw validationException('KeyConditionExpressions must only contain one condition per key');
  if (byAttribute.size > 2) throw validationException('Conditions can be of length 1 or 2 only');
  return byAttribute;
};
