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
  SkuInput,
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
import { EmailInput } from '@orderly/functions/http/email-input';
import { IdempotencyKey } from '@orderly/functions/http/request';

/** The schemas that all services share, by their names in the documents of their APIs. */
export const vocabulary: Readonly<Record<string, DescribedSchema>> = {
  Amount: { schema: Amount, example: 2500 },
  Currency: { schema: Currency, example: 'EUR' },
  Cursor: {
    schema: Cursor,
    description: 'The position of a page: opaque, and valid only for the list that returned it.',
    example: 'eyJwayI6Ik9SREVSIn0.Zk3vJ0cTq1xYb2aL',
  },
  Customer: { schema: Customer },
  CustomerId: { schema: CustomerId, example: 'alice' },
  Email: { schema: Email, example: 'alice@example.com' },
  EmailInput: { schema: EmailInput, example: 'alice@example.com' },
  IdempotencyKey: {
    schema: IdempotencyKey,
    description: 'Chosen by the caller, a new one for each new request: 1 to 255 visible ASCII characters.',
    example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
  },
  Issue: {
    schema: IssueBody,
    description: 'A fault of the request; `path` is a JSON Pointer (RFC 6901) into it.',
  },
  Metadata: { schema: Metadata, example: { 'gift note': 'Happy birthday, Ann' } },
  OnSale: { schema: OnSale, example: true },
  OrderId: { schema: OrderId, example: 'a3da9915-e501-815b-b444-699b1c553a42' },
  OrderLine: { schema: OrderLine },
  Price: { schema: Price, example: 1250 },
  Problem: {
    schema: ProblemBody,
    description: 'An error (RFC 9457): `type` is stable, `detail` is for people, `requestId` is in the log.',
  },
  ProductName: { schema: ProductName, example: 'Mug' },
  Quantity: { schema: Quantity, example: 2 },
  Reason: { schema: Reason, example: 'first delivery' },
  Reference: { schema: Reference, example: 'PO-2026-0131' },
  Shortage: { schema: Shortage },
  Sku: { schema: Sku, example: 'MUG' },
  SkuInput: { schema: SkuInput, example: 'MUG' },
  SkuQuantity: { schema: SkuQuantity },
  StockLevel: { schema: StockLevel, example: 10 },
  Timestamp: { schema: Timestamp, example: '2026-01-31T12:00:00.000Z' },
};
