/** The order that is placed for one invoice. */
export interface OrderPlan {
  readonly invoiceNo: string;
  readonly customer: { readonly id: string; readonly email: string };
  /** Rows as invoiced: a SKU may be repeated, the API merges. */
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}
