/**
 * The figures behind the generated invoices.
 *
 * Source of the data set: Chen, D. (2015), Online Retail, UCI Machine Learning Repository,
 * https://doi.org/10.24432/C5BW33, CC BY 4.0. Figures marked (511) are counted in its first 511 invoices; what
 * `npm run shape --workspace demo -- --file <csv>` prints of them a test holds. The others are choices, and say so.
 */
export const FIGURES = {
  /** Stock codes in the whole data set. */
  products: 4070,
  /**
   * Popularity of the product of rank r is 1 / (r + offset) ^ exponent (Zipf-Mandelbrot), chosen so that the
   * tenth of the products with the most rows has a share of all rows as in (511): 0.38.
   */
  popularity: { exponent: 2.5, offset: 700 },
  /** Products whose code ends in a letter: 394 of 1,978 (511). */
  letterCodes: 0.2,
  /** Rows of such products that write the letter in lower case: 36 of 1,214 (511). */
  lowerCaseRows: 0.03,
  /** Customers: a choice, so that some come back within a few hundred invoices. */
  customers: 1000,

  /** Cancellation invoices: about one in ten; 43 of 511 (511). */
  cancellations: 0.1,
  /** Cancellations of an order earlier in the same run: a choice. In (511) most are older than the file. */
  cancellationsOfThisRun: 0.6,
  /** One row, no customer, price zero, no description: 45 of 511 (511). */
  corrections: 0.08,
  /** Corrections that take stock away, so that the quantity is negative: a choice near (511). */
  negativeCorrections: 0.7,
  /** Invoices of nothing but bank charges: 1 of 511 (511). */
  bankCharges: 0.003,
  /** Purchases without a customer: 23 of 511 that are no correction (511). */
  guests: 0.045,

  /** Purchases of one row: 90 of 468, half of them corrections (511). */
  singleRow: 0.1,
  /** Purchases of hundreds of rows: 7 of 468 have more than 99 distinct products (511). */
  large: { share: 0.01, from: 100, to: 600 },
  /** All other purchases: log-normal, so that the median over all comes out near 15. */
  rows: { median: 16.5, sigma: 0.8 },

  /** Rows beside the goods, per purchase: POST 18 and M 10 of 468, C2 1 (511); DOT on 6 of 23 guests' (511). */
  postage: 0.04,
  manual: 0.02,
  carriage: 0.003,
  dotcomPostage: 0.3,
  /** Discounts, per cancellation: 2 of 43 (511). */
  discounts: 0.05,
  /** Goods given away (price zero) within a purchase: a choice, rarer in (511). */
  freeRows: 0.0005,
  /** Rows without a description outside corrections: a choice. */
  namelessRows: 0.0005,
  /** Rows with another price than the product's usual one: a choice. */
  oddPrices: 0.1,

  /** Pounds a piece: median 2.51, nine in ten below 7.95 (511). */
  price: { median: 2.5, sigma: 0.9 },
  /** Pieces a row with their weights: quartiles 1, 3, 8 and nine in ten at most 18 (511). */
  quantities: [
    [1, 36],
    [2, 13],
    [3, 7],
    [4, 8],
    [6, 10],
    [8, 4],
    [10, 4],
    [12, 9],
    [16, 1],
    [24, 5],
    [48, 2],
    [96, 1],
    [240, 0.3],
    [600, 0.1],
  ],
} as const;
