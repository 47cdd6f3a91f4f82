import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as a request holds it: binary values are base64. */
export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * The size of an item in bytes, as DynamoDB charges for it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueBytes(value),
    0,
  );

const CONTAINER_BYTES = 3;

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.M !== undefined) return CONTAINER_BYTES + Object.keys(value.M).length + itemBytes(value.M);
  if (value.L !== undefined)
    return value.L.reduce((bytes, each) => bytes + 1 + valueBytes(each), CONTAINER_BYTES);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  throw new Error(`No item here has a value such as ${JSON.stringify(value)}`);
}

/** One byte for each two significant digits, and one more. */
function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + (text.startsWith('-') ? 2 : 1);
}

const UNIT_BYTES = 1024;

interface Transaction {
  readonly TransactItems: readonly { readonly Put?: { readonly Item: Item } }[];
}

/**
 * What DynamoDB charges for a transaction: twice the units of its writes. DynamoDB Local reports less, whatever
 * their number. An item that is updated is taken to have at most 1 KiB, as stock has.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling
 */
export function transactionUnits({ TransactItems }: Transaction): number {
  const units = TransactItems.map(({ Put }) => (Put ? Math.ceil(itemBytes(Put.Item) / UNIT_BYTES) : 1));
  return 2 * units.reduce((sum, each) => sum + each, 0);
}
