import { generateInvoices } from './generate.ts';
import type { Invoice } from './invoices.ts';
import { GENERATED_INVOICES, type Options } from './options.ts';
import { readRetailCsv } from './retail-csv.ts';

/** Invoices and what they are, for people. */
interface Source {
  readonly name: string;
  readonly invoices: readonly Invoice[];
}

/**
 * Reads or generates the invoices that the options ask for.
 *
 * @throws RetailCsvError when the file is not the Online Retail CSV
 */
export const openSource = async ({ file, limit, seed }: Options): Promise<Source> => {
  if (file !== undefined) return { name: file, invoices: await readRetailCsv(file, limit) };
  const count = limit ?? GENERATED_INVOICES;
  return { name: `${count} generated invoices, seed ${seed}`, invoices: generateInvoices(seed, count) };
};
