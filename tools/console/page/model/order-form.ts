import type { Actions, ProductRow } from '../../src/api.ts';

/** The form of an order as it was typed. */
export interface OrderDraft {
  readonly customerId: string;
  readonly email: string;
  readonly reference: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: string }[];
}

export const newDraft = (products: readonly ProductRow[]): OrderDraft => ({
  customerId: 'alice',
  email: 'alice@example.com',
  reference: '',
  lines: [{ sku: products[0]?.sku ?? '', quantity: '1' }],
});

/** The order, or what is missing, in a sentence. */
export const checkDraft = (
  draft: OrderDraft,
):
  | { readonly outcome: 'complete'; readonly order: Actions['placeOrder']['in'] }
  | { readonly outcome: 'incomplete'; readonly why: string } => {
  const customerId = draft.customerId.trim();
  const email = draft.email.trim();
  const reference = draft.reference.trim();
  const lines = draft.lines.map(({ sku, quantity }) => ({ sku, quantity: Number(quantity) }));
  if (!customerId) return { outcome: 'incomplete', why: 'Enter a customer.' };
  if (!email.includes('@')) return { outcome: 'incomplete', why: 'Enter an e-mail address.' };
  if (lines.length === 0) return { outcome: 'incomplete', why: 'Add a product.' };
  if (lines.some(({ sku }) => !sku)) return { outcome: 'incomplete', why: 'Choose a product in each line.' };
  if (lines.some(({ quantity }) => !Number.isInteger(quantity) || quantity < 1)) {
    return { outcome: 'incomplete', why: 'Each quantity is a whole number from 1.' };
  }
  return { outcome: 'complete', order: { customerId, email, lines, ...(reference ? { reference } : {}) } };
};

/** What the draft costs in minor units, when all its products have one currency. */
export const draftTotal = (
  draft: OrderDraft,
  products: readonly ProductRow[],
): { readonly total: number; readonly currency: string } | undefined => {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const known = draft.lines.flatMap(({ sku, quantity }) => {
    const product = bySku.get(sku);
    return product ? [{ amount: product.price * Number(quantity), currency: product.currency }] : [];
  });
  const currency = known[0]?.currency;
  if (!currency || known.some((line) => line.currency !== currency)) return undefined;
  const total = known.reduce((sum, line) => sum + line.amount, 0);
  return Number.isFinite(total) ? { total, currency } : undefined;
};
