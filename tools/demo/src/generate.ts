import { type Catalogue, type GeneratedProduct, generateCatalogue } from './catalogue.ts';
import { FIGURES } from './figures.ts';
import type { Invoice, InvoiceLine } from './invoices.ts';
import { createRandom, cumulate, type Random } from './random.ts';

/**
 * Invoices with the shape and the dirt of the Online Retail data (`FIGURES`).
 *
 * @param seed any 32-bit integer; the same seed gives the same invoices
 * @param count how many; fewer invoices of the same seed are the first of more
 */
export const generateInvoices = (seed: number, count: number): Invoice[] => {
  const random = createRandom(seed);
  const shop: Shop = { random, catalogue: generateCatalogue(random), sold: [] };
  return Array.from({ length: count }, (_, index) => drawInvoice(shop, FIRST_INVOICE + index));
};

const FIRST_INVOICE = 600_000;
const FIRST_CUSTOMER = 20_000;
const QUANTITIES = FIGURES.quantities.map(([quantity]) => quantity);
const QUANTITY_WEIGHTS = cumulate(FIGURES.quantities.map(([, weight]) => weight));

interface Shop {
  readonly random: Random;
  readonly catalogue: Catalogue;
  /** Purchases of known customers so far: what a cancellation may take back. */
  readonly sold: Invoice[];
}

const drawInvoice = (shop: Shop, number: number): Invoice => {
  const { random } = shop;
  if (random.chance(FIGURES.cancellations)) return drawCancellation(shop, `C${number}`);
  if (random.chance(FIGURES.corrections)) return drawCorrection(shop, `${number}`);
  if (random.chance(FIGURES.bankCharges)) {
    return {
      invoiceNo: `${number}`,
      customerId: drawCustomer(random),
      lines: [charge('BANK CHARGES', 1500)],
    };
  }
  const purchase = drawPurchase(shop, `${number}`);
  if (purchase.customerId !== undefined) shop.sold.push(purchase);
  return purchase;
};

const drawPurchase = (shop: Shop, invoiceNo: string): Invoice => {
  const { random } = shop;
  const guest = random.chance(FIGURES.guests);
  const lines = Array.from({ length: drawRows(random) }, () => drawGoods(shop));
  if (guest && random.chance(FIGURES.dotcomPostage)) lines.push(charge('DOT', random.int(10_000, 90_000)));
  if (!guest && random.chance(FIGURES.postage)) lines.push(charge('POST', 1800));
  if (random.chance(FIGURES.manual)) lines.push(charge('M', random.int(40, 2000)));
  if (random.chance(FIGURES.carriage)) lines.push(charge('C2', 5000));
  return guest ? { invoiceNo, lines } : { invoiceNo, customerId: drawCustomer(random), lines };
};

const drawRows = (random: Random): number => {
  if (random.chance(FIGURES.singleRow)) return 1;
  if (random.chance(FIGURES.large.share)) return random.int(FIGURES.large.from, FIGURES.large.to);
  return Math.max(2, Math.round(random.logNormal(FIGURES.rows.median, FIGURES.rows.sigma)));
};

const drawGoods = ({ random, catalogue }: Shop): InvoiceLine => {
  const product = drawProduct(random, catalogue);
  const quantity = QUANTITIES[random.weighted(QUANTITY_WEIGHTS)] ?? 1;
  const lowerCase = /[A-Z]$/.test(product.stockCode) && random.chance(FIGURES.lowerCaseRows);
  return {
    stockCode: lowerCase ? product.stockCode.toLowerCase() : product.stockCode,
    description: random.chance(FIGURES.namelessRows) ? '' : product.description,
    quantity,
    price: drawRowPrice(random, product),
  };
};

const drawRowPrice = (random: Random, product: GeneratedProduct): number => {
  if (random.chance(FIGURES.freeRows)) return 0;
  return random.chance(FIGURES.oddPrices) ? Math.round(product.price * 1.7) : product.price;
};

const drawCorrection = ({ random, catalogue }: Shop, invoiceNo: string): Invoice => {
  const { stockCode } = drawProduct(random, catalogue);
  const sign = random.chance(FIGURES.negativeCorrections) ? -1 : 1;
  return {
    invoiceNo,
    lines: [{ stockCode, description: '', quantity: sign * random.int(1, 120), price: 0 }],
  };
};

const drawCancellation = (shop: Shop, invoiceNo: string): Invoice => {
  const { random, sold } = shop;
  const ofThisRun = sold.length > 0 && random.chance(FIGURES.cancellationsOfThisRun);
  const purchase = ofThisRun ? random.pick(sold) : undefined;
  const rows = random.int(1, 3);
  const lines = Array.from({ length: rows }, () => {
    const goods = purchase ? random.pick(purchase.lines) : drawGoods(shop);
    return { ...goods, quantity: -goods.quantity };
  });
  if (random.chance(FIGURES.discounts)) lines.push(charge('D', random.int(500, 5000), -1));
  return { invoiceNo, customerId: purchase?.customerId ?? drawCustomer(random), lines };
};

const drawProduct = (random: Random, catalogue: Catalogue): GeneratedProduct => {
  const product = catalogue.products[random.weighted(catalogue.popularity)];
  if (!product) throw new RangeError('The catalogue is empty');
  return product;
};

const drawCustomer = (random: Random): string => `${FIRST_CUSTOMER + random.int(0, FIGURES.customers - 1)}`;

const CHARGE_NAMES: Readonly<Record<string, string>> = {
  POST: 'POSTAGE',
  DOT: 'DOTCOM POSTAGE',
  M: 'Manual',
  C2: 'CARRIAGE',
  D: 'Discount',
  'BANK CHARGES': 'Bank Charges',
};

const charge = (stockCode: string, price: number, quantity = 1): InvoiceLine => ({
  stockCode,
  description: CHARGE_NAMES[stockCode] ?? stockCode,
  quantity,
  price,
});
