import type { Condition } from '../table/condition.ts';
import type { Update } from '../table/types.ts';
import { toAttributes } from './attributes.ts';

/**
 * The members of a request that hold its condition and, where it is an update, what it changes. A refusal brings the present
 * item, so nobody has to read it. Every name has a placeholder, since it may be a reserved word.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
 */
export function expressions(condition: Condition, update?: Update) {
  const names: Record<string, string> = {};
  const values: Record<string, string | number> = {};
  const named = (name: string): string => {
    names[`#${name}`] = name;
    return `#${name}`;
  };
  const bound = (name: string, value: string | number): string => {
    values[`:${name}`] = value;
    return `:${name}`;
  };

  function conditionExpression(): string {
    switch (condition.kind) {
      case 'absent':
        return 'attribute_not_exists(pk)';
      case 'older':
        return `attribute_not_exists(pk) OR ${named(condition.name)} < ${bound(condition.name, condition.than)}`;
      case 'unchanged':
        return Object.entries(condition.attributes)
          .map(([name, value]) =>
            value === undefined
              ? `attribute_not_exists(${named(name)})`
              : `${named(name)} = ${bound(name, value)}`,
          )
          .join(' AND ');
      case 'within':
        return Object.entries(condition.bounds)
          .map(([name, { min, max }]) => {
            return `${named(name)} BETWEEN ${bound(`${name}Min`, min)} AND ${bound(`${name}Max`, max)}`;
          })
          .join(' AND ');
    }
  }

  function updateExpression({ add, remove = [] }: Update): string {
    const sums = Object.entries(add).map(([name, by]) => {
      const attribute = named(name);
      return `${attribute} = ${attribute} + ${bound(`${name}Added`, by)}`;
    });
    return `SET ${sums.join()}${remove.length > 0 ? ` REMOVE ${remove.map(named).join()}` : ''}`;
  }

  const ConditionExpression = conditionExpression();
  const UpdateExpression = update && updateExpression(update);
  return {
    ConditionExpression,
    UpdateExpression,
    // DynamoDB refuses empty ones.
    ExpressionAttributeNames: isEmpty(names) ? undefined : names,
    ExpressionAttributeValues: isEmpty(values) ? undefined : toAttributes(values),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

const isEmpty = (members: object): boolean => Object.keys(members).length === 0;
