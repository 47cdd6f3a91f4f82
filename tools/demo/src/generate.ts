import { createRandom, type Random } from '@orderly/support/random';
import type { Invoice, InvoiceLine } from './invoices.ts';

/**
 * The shape of the generated invoices. It follows the Online Retail data (Chen, D., 2015, UCI Machine Learning
 * Repository, https://doi.org/10.24432/C5BW33, CC BY 4.0), whose first 511 invoices have a median of 13 rows, 50 at
 * the ninetieth percentile and 593 at most, and a tenth of the products with 38 % of the rows.
 */
const SHAPE = {
  /** Stock codes in the whole data set. */
  products: 4070,
  /** Codes that end in a letter. */
  letterCodes: 0.2,
  popularity: { scale: 700, exponent: 2 / 3 },
  rows: { scale: 30, exponent: 0.4, most: 700 },
  pieces: { scale: 4, exponent: 0.7, most: 2_000 },
  /** In steps of 5 pence, above the lowest price of 25. */
  price: { scale: 70, exponent: 0.5, most: 20_000 },
  /** Few enough that some order again within a few hundred invoices. */
  customers: 1000,
} as const;

/** How often each kind of dirt occurs. */
const DIRT = {
  cancellation: 0.1,
  /** Of the cancellations; in the real data most are of orders older than the file. */
  cancellationOfThisRun: 0.6,
  /** Of the cancellations. */
  discount: 0.05,
  /** One row without customer, price and description that corrects the books; most take stock away. */
  correction: 0.07,
  bankCharges: 0.003,
  guest: 0.05,
  /** Charges beside the goods of a purchase. */
  charges: { POST: 0.05, M: 0.02, DOT: 0.02, C2: 0.005 },
  lowerCaseCode: 0.03,
  free: 0.0005,
  nameless: 0.0005,
  oddPrice: 0.1,
} as const;

const FIRST_INVOICE = 600_000;
const FIRST_CUSTOMER = 20_000;
const COLOURS = ['WHITE', 'RED', 'BLUE', 'PINK', 'IVORY', 'GREEN', 'BLACK', 'SILVER'];
const STYLES = ['HANGING', 'RETROSPOT', 'VINTAGE', 'PAISLEY', 'WOODEN', 'GLASS', 'METAL', 'KNITTED'];
const THINGS = [
  'HEART',
  'LANTERN',
  'T-LIGHT HOLDER',
  'LUNCH BAG',
  'MUG',
  'DOORMAT',
  'JAM JAR SET/6',
  'TEA TOWEL',
];

type Product = Pick<InvoiceLine, 'stockCode' | 'description' | 'price'>;

interface Shop {
  readonly random: Random;
  /** The most popular first. */
  readonly products: readonly Product[];
  /** Purchases of known customers so far: cancellations pick from them. */
  readonly sold: Invoice[];
}

/**
 * Invoices with the shape and the dirt of the Online Retail data.
 *
 * @param seed any 32-bit integer; the same seed gives the same invoices
 * @param count how many; fewer invoices of the same seed are the first of more
 */
export const generateInvoices = (seed: number, count: number): Invoice[] => {
  const random = createRandom(seed);
  const products = Array.from({ length: SHAPE.products }, (_, rank) => ({
    stockCode: `${10_000 + rank * 22}${random.chance(SHAPE.letterCodes) ? random.pick(['A', 'B', 'S']) : ''}`,
    description: [COLOURS, STYLES, THINGS].map((words) => random.pick(words)).join(' '),
    price: 25 + 5 * random.tail(SHAPE.price),
  }));
  const shop: Shop = { random, products, sold: [] };
  return Array.from({ length: count }, (_, index) => drawInvoice(shop, `${FIRST_INVOICE + index}`));
};

const drawInvoice = (shop: Shop, invoiceNo: string): Invoice => {
  const { random, sold } = shop;
  if (random.chance(DIRT.cancellation)) return drawCancellation(shop, `C${invoiceNo}`);
  if (random.chance(DIRT.correction)) return { invoiceNo, lines: [drawCorrection(shop)] };
  const customer = random.chance(DIRT.guest) ? {} : { customerId: drawCustomer(random) };
  const bankCharges = random.chance(DIRT.bankCharges);
  if (bankCharges) return { invoiceNo, ...customer, lines: [charge('BANK CHARGES', 1500)] };
  const goods = Array.from({ length: 1 + random.tail(SHAPE.rows) }, () => drawGoods(shop));
  const charges = Object.entries(DIRT.charges).filter(([, share]) => random.chance(share));
  const lines = [...goods, ...charges.map(([code]) => charge(code, random.int(40, 5_000)))];
  const purchase = { invoiceNo, ...customer, lines };
  if ('customerId' in customer) sold.push(purchase);
  return purchase;
};

const drawGoods = (shop: Shop): InvoiceLine => {
  const { random } = shop;
  const { stockCode, description, price } = drawProduct(shop);
  const odd = random.chance(DIRT.oddPrice) ? Math.round(price * 1.7) : price;
  return {
    stockCode: random.chance(DIRT.lowerCaseCode) ? stockCode.toLowerCase() : stockCode,
    description: random.chance(DIRT.nameless) ? '' : description,
    quantity: 1 + random.tail(SHAPE.pieces),
    price: random.chance(DIRT.free) ? 0 : odd,
  };
};

const drawCorrection = (shop: Shop): InvoiceLine => {
  const { stockCode } = drawProduct(shop);
  const quantity = shop.random.int(1, 120) * shop.random.pick([-1, -1, 1]);
  return { stockCode, description: '', quantity, price: 0 };
};

const drawCancellation = (shop: Shop, invoiceNo: string): Invoice => {
  const { random, sold } = shop;
  const purchase =
    sold.length > 0 && random.chance(DIRT.cancellationOfThisRun) ? random.pick(sold) : undefined;
  const lines = Array.from({ length: random.int(1, 3) }, () => {
    const goods = purchase ? random.pick(purchase.lines) : drawGoods(shop);
    return { ...goods, quantity: -goods.quantity };
  });
  if (random.chance(DIRT.discount)) lines.push(charge('D', random.int(500, 5000), -1));
  return { invoiceNo, customerId: purchase?.customerId ?? drawCustomer(random), lines };
};

const drawProduct = ({ random, products }: Shop): Product => {
  const product = products[random.tail({ ...SHAPE.popularity, most: products.length - 1 })];
  if (!product) throw new RangeError('The catalogue is empty');
  return product;
};

const drawCustomer = (random: Random): string => `${FIRST_CUSTOMER + random.int(0, SHAPE.customers - 1)}`;

const charge = (stockCode: string, price: number, quantity = 1): InvoiceLine => ({
  stockCode,
  description: stockCode,
  quantity,
  price,
});
