import {
  Amount,
  Currency,
  Customer,
  CustomerId,
  Email,
  Metadata,
  OnSale,
  OrderId,
  OrderLine,
  Price,
  ProductName,
  Quantity,
  Reason,
  Reference,
  Shortage,
  Sku,
  SkuQuantity,
  StockLevel,
  Timestamp,
} from '@orderly/contracts';
import {
  Cursor,
  type DescribedSchema,
  IssueBody,
  ProblemBody,
} from '@orderly/functions/http/api-description';
import { IdempotencyKey } from '@orderly/functions/http/handler';
import { EmailInput, SkuInput } from '@orderly/functions/http/inputs';

/** The schemas that all services share, as the documents of their APIs name and describe them. */
export const vocabulary: Readonly<Record<string, DescribedSchema>> = {
  Amount: { schema: Amount, description: 'A sum of money in minor units (pence, cents)', example: 2500 },
  Currency: { schema: Currency, description: 'An active ISO 4217 currency code', example: 'EUR' },
  Cursor: {
    schema: Cursor,
    description: 'Where a page begins: opaque, and good only for the list that gave it out',
    example: 'eyJwayI6Ik9SREVSIn0.Zk3vJ0cTq1xYb2aL',
  },
  Customer: { schema: Customer, description: 'Who orders, and where to reach them' },
  CustomerId: {
    schema: CustomerId,
    description: "The customer's id as the caller knows it",
    example: 'alice',
  },
  Email: { schema: Email, description: 'An e-mail address', example: 'alice@example.com' },
  EmailInput: {
    schema: EmailInput,
    description:
      'An e-mail address: ASCII before the @, without quotes (RFC 5321). An internationalised domain is turned into ' +
      'punycode, and answered so',
    example: 'alice@example.com',
  },
  IdempotencyKey: {
    schema: IdempotencyKey,
    description: 'Chosen by the caller, new for every new request: 1 to 255 visible ASCII characters',
    example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
  },
  Issue: {
    schema: IssueBody,
    description: 'One thing that is wrong: `path` is a JSON Pointer (RFC 6901) into the request',
  },
  Metadata: {
    schema: Metadata,
    description:
      "The caller's own notes on an order: at most 20 pairs of text, answered and published as they came",
    example: { 'gift note': 'Happy birthday, Ann' },
  },
  OnSale: {
    schema: OnSale,
    description: 'Whether a product can be ordered; off sale it keeps its stock',
    example: true,
  },
  OrderId: {
    schema: OrderId,
    description: "An order's identity: a UUID in lower case",
    example: 'a3da9915-e501-815b-b444-699b1c553a42',
  },
  OrderLine: { schema: OrderLine, description: 'A line of an order at the price that holds for it' },
  Price: { schema: Price, description: 'What one piece costs, in minor units (pence, cents)', example: 1250 },
  Problem: {
    schema: ProblemBody,
    description:
      'What went wrong (RFC 9457): `type` is stable, `detail` is for people, `requestId` is in the log',
  },
  ProductName: { schema: ProductName, description: 'What customers read', example: 'Mug' },
  Quantity: { schema: Quantity, description: 'How many pieces', example: 2 },
  Reason: { schema: Reason, description: 'Why, in words for people', example: 'first delivery' },
  Reference: {
    schema: Reference,
    description: "The caller's own number of an order, answered and published as it came",
    example: 'PO-2026-0131',
  },
  Shortage: { schema: Shortage, description: 'What was wanted of a SKU and what there was' },
  Sku: { schema: Sku, description: 'Stock keeping unit; case matters', example: 'MUG' },
  SkuInput: {
    schema: SkuInput,
    description:
      'Stock keeping unit: 1 to 64 printable characters, without a blank at either end and without / \\ ? # %, which a ' +
      'URL path cannot address; not "." or "..". Brought to Unicode Normalization Form C; case matters',
    example: 'MUG',
  },
  SkuQuantity: { schema: SkuQuantity, description: 'A SKU and how many pieces of it' },
  StockLevel: { schema: StockLevel, description: 'How many pieces there are', example: 10 },
  Timestamp: {
    schema: Timestamp,
    description: 'An instant: RFC 3339 in UTC with milliseconds',
    example: '2026-01-31T12:00:00.000Z',
  },
};
