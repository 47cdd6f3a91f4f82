import { FIGURES } from './figures.ts';
import { cumulate, type Random } from './random.ts';

/** A product of the generated shop. */
export interface GeneratedProduct {
  readonly stockCode: string;
  readonly description: string;
  /** Usual price in pence. */
  readonly price: number;
}

/** Products in the order of their popularity, and running totals of it. */
export interface Catalogue {
  readonly products: readonly GeneratedProduct[];
  readonly popularity: readonly number[];
}

const COLOURS = ['WHITE', 'RED', 'BLUE', 'PINK', 'IVORY', 'GREEN', 'BLACK', 'SILVER', 'GOLD', 'ANTIQUE'];
const STYLES = [
  'HANGING',
  'RETROSPOT',
  'VINTAGE',
  'PAISLEY',
  'POLKADOT',
  'WOODEN',
  'GLASS',
  'METAL',
  'KNITTED',
];
const THINGS = [
  'HEART',
  'LANTERN',
  'T-LIGHT HOLDER',
  'CAKE STAND',
  'LUNCH BAG',
  'MUG',
  'PHOTO FRAME',
  'ALARM CLOCK',
  'BUNTING',
  'DOORMAT',
  'STORAGE TIN',
  'HOT WATER BOTTLE',
  'TEA TOWEL',
  'JAM JAR SET/6',
];

/** Draws the whole catalogue, so that it does not depend on how many invoices are drawn from it. */
export const generateCatalogue = (random: Random): Catalogue => {
  const codes = new Set<string>();
  while (codes.size < FIGURES.products) {
    const letter = random.chance(FIGURES.letterCodes) ? random.pick(['A', 'B', 'C', 'L', 'P', 'S']) : '';
    codes.add(`${random.int(10_000, 99_999)}${letter}`);
  }
  const products = [...codes].map((stockCode) => ({
    stockCode,
    description: `${random.pick(COLOURS)} ${random.pick(STYLES)} ${random.pick(THINGS)}`,
    price: drawPrice(random),
  }));
  const { exponent, offset } = FIGURES.popularity;
  return { products, popularity: cumulate(products.map((_, rank) => 1 / (rank + 1 + offset) ** exponent)) };
};

/** Shop prices end in 5 pence. */
const drawPrice = (random: Random): number => {
  const pounds = random.logNormal(FIGURES.price.median, FIGURES.price.sigma);
  return Math.max(15, Math.round((pounds * 100) / 5) * 5);
};
