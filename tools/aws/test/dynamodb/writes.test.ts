import type { JsonObject } from '../../protocol/service.ts';
import { compositeKey, TestDynamoDb } from './dynamodb.ts';

const T = 'things';

describe('A write of one item', () => {
  const db = new TestDynamoDb();
  beforeAll(() => db.createTable(T));

  const update = (pk: string, UpdateExpression: string, more: JsonObject = {}) =>
    db.call('UpdateItem', { TableName: T, Key: { pk: { S: pk } }, UpdateExpression, ...more });
  const refusedUpdate = async (pk: string, UpdateExpression: string, more: JsonObject = {}) =>
    (await db.refused('UpdateItem', { TableName: T, Key: { pk: { S: pk } }, UpdateExpression, ...more }))
      .message;

  it('happens when its condition holds, and gives the present item back when it does not', async () => {
    const guard = {
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    await db.put(T, { pk: { S: 'guarded' }, v: { N: '1' } }, guard);
    const error = await db.refused('PutItem', {
      TableName: T,
      Item: { pk: { S: 'guarded' }, v: { N: '2' } },
      ...guard,
    });
    expect(error.code).toBe('ConditionalCheckFailedException');
    expect(error.message).toBe('The conditional request failed');
    expect(error.fields).toEqual({ Item: { pk: { S: 'guarded' }, v: { N: '1' } } });
  });

  it('applies all kinds of actions to the item as it was', async () => {
    await db.put(T, {
      pk: { S: 'all' },
      n: { N: '1' },
      list: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] },
      set: { SS: ['x', 'y'] },
      doc: { M: { deep: { M: { er: { N: '1' } } }, other: { BOOL: true } } },
      gone: { S: 'soon' },
    });
    const { Attributes } = await update(
      'all',
      'SET n = n + :one, same = n, doc.deep.er = if_not_exists(doc.nothing, :ten), #list[7] = :end REMOVE gone, #list[0], #list[1] ADD tally :ten DELETE #set :x',
      {
        ExpressionAttributeNames: { '#set': 'set', '#list': 'list' },
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ':ten': { N: '10' },
          ':end': { S: 'd' },
          ':x': { SS: ['x'] },
        },
        ReturnValues: 'ALL_NEW',
      },
    );
    expect(Attributes).toEqual({
      pk: { S: 'all' },
      n: { N: '2' },
      same: { N: '1' },
      list: { L: [{ S: 'c' }, { S: 'd' }] },
      set: { SS: ['y'] },
      doc: { M: { deep: { M: { er: { N: '10' } } }, other: { BOOL: true } } },
      tally: { N: '10' },
    });
  });

  it('removes a set with its last element, and leaves an item read before as it was', async () => {
    await db.put(T, { pk: { S: 'set' }, tags: { NS: ['1', '2'] }, m: { M: { a: { N: '1' } } } });
    const before = await db.get(T, { pk: { S: 'set' } });
    const values = { ':all': { NS: ['2', '1'] }, ':b': { N: '2' } };
    await update('set', 'DELETE tags :all SET m.b = :b', { ExpressionAttributeValues: values });
    expect(await db.get(T, { pk: { S: 'set' } })).toEqual({
      pk: { S: 'set' },
      m: { M: { a: { N: '1' }, b: { N: '2' } } },
    });
    expect(before).toMatchObject({ tags: { NS: ['1', '2'] }, m: { M: { a: { N: '1' } } } });
  });

  it.each([
    ['UPDATED_NEW', { m: { M: { a: { N: '2' } } } }],
    ['UPDATED_OLD', { m: { M: { a: { N: '1' } } } }],
    ['ALL_OLD', { pk: { S: 'ret' }, m: { M: { a: { N: '1' }, b: { N: '1' } } } }],
  ])('returns with %s what it names', async (ReturnValues, expected) => {
    await db.put(T, { pk: { S: 'ret' }, m: { M: { a: { N: '1' }, b: { N: '1' } } } });
    const { Attributes } = await update('ret', 'SET m.a = m.a + :one', {
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues,
    });
    expect(Attributes).toEqual(expected);
  });

  it.each([
    [
      'SET pk = :v',
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
    [
      'SET a = :v, a.b = :v',
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      'SET a = :v SET b = :v',
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      'SET a = nothing + :v',
      'The provided expression refers to an attribute that does not exist in the item',
    ],
    ['SET nothing.a = :v', 'The document path provided in the update expression is invalid for update'],
    ['SET a = fn(:v)', 'Invalid UpdateExpression: Invalid function name; function: fn'],
    [
      'SET status = :v',
      'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
    ],
    [
      'SET a = :w',
      'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w',
    ],
    ['REMOVE a', 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}'],
    ['SET a = :v +', 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "+"'],
    ['', 'Invalid UpdateExpression: The expression can not be empty;'],
    [
      'DELETE a :v',
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND',
    ],
    [
      `SET ${'a'.repeat(4100)} = :v`,
      'Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: 4109',
    ],
  ])('is refused for the update %p', async (expression, message) => {
    const values = { ExpressionAttributeValues: { ':v': { N: '1' } } };
    expect(await refusedUpdate('none', expression, values)).toBe(message);
  });

  it.each<[string, JsonObject, string]>([
    [
      'without its key',
      { v: { N: '1' } },
      'One or more parameter values were invalid: Missing the key pk in the item',
    ],
    [
      'with a key of another type',
      { pk: { N: '1' } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      'with an empty key',
      { pk: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'with a key of 2049 bytes',
      { pk: { S: 'k'.repeat(2049) } },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
    [
      'with an empty set',
      { pk: { S: 'a' }, s: { SS: [] } },
      'One or more parameter values were invalid: An string set  may not be empty',
    ],
    [
      'with an element twice',
      { pk: { S: 'a' }, s: { NS: ['1', '1.0'] } },
      'Input collection contains duplicates',
    ],
    [
      'with a value of two types',
      { pk: { S: 'a' }, s: { S: 'a', N: '1' } },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [
      'with more than 400 KB',
      { pk: { S: 'a' }, s: { S: 's'.repeat(409_597) } },
      'Item size has exceeded the maximum allowed size',
    ],
  ])('is refused for an item %s', async (_, item, message) => {
    expect((await db.refused('PutItem', { TableName: T, Item: item })).message).toBe(message);
  });

  it('takes an item of exactly 400 KB, 32 levels of nesting and names that objects inherit', async () => {
    await db.put(T, { pk: { S: 'a' }, s: { S: 's'.repeat(409_600 - 4) } });
    const nested = (levels: number): JsonObject => (levels === 0 ? { N: '1' } : { L: [nested(levels - 1)] });
    await db.put(T, { pk: { S: 'deep' }, l: nested(32) });
    const error = await db.refused('PutItem', { TableName: T, Item: { pk: { S: 'deep' }, l: nested(33) } });
    expect(error.message).toBe('Nesting Levels have exceeded supported limits');
    const condition = { ConditionExpression: 'attribute_not_exists(hasOwnProperty)' };
    await db.put(T, { pk: { S: 'proto' }, toString: { S: 'x' } }, condition);
    expect(await db.get(T, { pk: { S: 'proto' } })).toEqual({ pk: { S: 'proto' }, toString: { S: 'x' } });
  });

  it.each(['Expected', 'ConditionalOperator', 'Nonsense'])(
    'refuses the parameter %s by name',
    async (name) => {
      const error = await db.refused('PutItem', { TableName: T, Item: { pk: { S: 'a' } }, [name]: {} });
      expect(error.code).toBe('ValidationException');
      expect(error.message).toContain(`The parameter ${name} of PutItem`);
    },
  );

  it('is refused for a table that does not exist, and an operation that is not implemented', async () => {
    const missing = await db.refused('PutItem', { TableName: 'nowhere', Item: { pk: { S: 'a' } } });
    expect(missing.code).toBe('ResourceNotFoundException');
    expect((await db.refused('ExecuteStatement', {})).code).toBe('UnknownOperationException');
  });

  it('tells the capacity it consumed, by index', async () => {
    await db.createTable('counted', {
      ...compositeKey(),
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-date',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'date', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      AttributeDefinitions: ['pk', 'sk', 'date'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
    });
    const item = { pk: { S: 'a' }, sk: { S: 'b' }, date: { S: 'c' }, text: { S: 't'.repeat(2000) } };
    const answer = await db.put('counted', item, {
      ReturnConsumedCapacity: 'INDEXES',
      ReturnItemCollectionMetrics: 'SIZE',
    });
    expect(answer).toEqual({
      ConsumedCapacity: {
        TableName: 'counted',
        CapacityUnits: 3,
        Table: { CapacityUnits: 2 },
        LocalSecondaryIndexes: { 'by-date': { CapacityUnits: 1 } },
      },
      ItemCollectionMetrics: { ItemCollectionKey: { pk: { S: 'a' } }, SizeEstimateRangeGB: [0, 1] },
    });
  });
});

describe('A condition', () => {
  const db = new TestDynamoDb();
  const item = {
    pk: { S: 'x' },
    n: { N: '5' },
    s: { S: 'hello' },
    b: { B: 'aGVsbG8=' },
    flag: { BOOL: true },
    none: { NULL: true },
    l: { L: [{ N: '1' }, { S: 'two' }] },
    m: { M: { in: { N: '1' } } },
    ss: { SS: ['a', 'b'] },
  };
  const values: Record<string, JsonObject> = {
    ':one': { N: '1.0' },
    ':five': { N: '5' },
    ':nine': { N: '9' },
    ':he': { S: 'he' },
    ':hello': { S: 'hello' },
    ':a': { S: 'a' },
    ':type': { S: 'SS' },
    ':two': { N: '2' },
    ':map': { M: { in: { N: '1' } } },
    ':ba': { SS: ['b', 'a'] },
    ':bin': { B: 'aGU=' },
  };
  beforeAll(async () => {
    await db.createTable(T);
    await db.put(T, item);
  });

  const holds = async (condition: string): Promise<boolean> => {
    const used = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(condition));
    const request = {
      TableName: T,
      Item: item,
      ConditionExpression: condition,
      ...(used.length > 0 && { ExpressionAttributeValues: Object.fromEntries(used) }),
    };
    try {
      await db.call('PutItem', request);
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  };

  it.each([
    'n = :five AND NOT n <> :five',
    'n > :one AND n >= :five AND n < :nine AND n <= :five',
    'n BETWEEN :one AND :nine',
    's IN (:a, :hello)',
    'attribute_exists(m) AND attribute_not_exists(nothing)',
    'attribute_type(ss, :type)',
    'begins_with(s, :he) AND begins_with(b, :bin)',
    'contains(s, :he) AND contains(ss, :a) AND contains(l, :one) AND contains(b, :bin)',
    'size(s) = :five AND size(l) = :two AND size(ss) = :two',
    'm = :map AND ss = :ba',
    'l[0] = :one',
    'nothing = :five OR n = :five',
    '(n = :nine OR n = :five) AND s = :hello',
    'n = :five OR n = :nine AND s = :a',
    'nothing <> :five',
    '(n) = :five',
  ])('holds: %s', async (condition) => {
    expect(await holds(condition)).toBe(true);
  });

  it.each([
    'n = :hello',
    'n < :hello',
    's > :five',
    'nothing < :five',
    'size(n) = :five',
    'NOT attribute_exists(pk)',
  ])('does not hold: %s', async (condition) => {
    expect(await holds(condition)).toBe(false);
  });

  it.each([
    ['((n = :five))', 'The expression has redundant parentheses;'],
    [
      'n = n',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]',
    ],
    ['m > :map', 'Incorrect operand type for operator or function; operator: >, operand type: M'],
    [
      'n BETWEEN :nine AND :five',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {N:5}',
    ],
    [
      'attribute_exists(:five)',
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'begins_with(s)',
      'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    ],
    ['nope(s)', 'Invalid function name; function: nope'],
    ['size(s)', 'The function is not allowed to be used this way in an expression; function: size'],
    ['n ! :five', 'Syntax error; token: "!", near: "! :five"'],
    [
      Array.from({ length: 152 }, () => 'attribute_exists(a)').join(' OR '),
      'The expression contains too many operators; maximum operators allowed: 300',
    ],
  ])('is refused: %s', async (condition, message) => {
    await expect(holds(condition)).rejects.toThrow(`Invalid ConditionExpression: ${message}`);
  });
});
