import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { codeOf } from './failure.ts';
import type { Invoice, InvoiceLine } from './invoices.ts';

/** Thrown when a file is not the Online Retail CSV; the message names the file, and line and column where known. */
export class RetailCsvError extends Error {
  override readonly name = 'RetailCsvError';
}

const COLUMNS = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'UnitPrice', 'CustomerID'] as const;
type Column = (typeof COLUMNS)[number];

/** One record of the file with the line it ends on, as csv-parse gives it with `info: true`. */
interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/**
 * Reads invoices from a CSV with the columns of the UCI Online Retail data set.
 *
 * Columns are found by their header; `InvoiceDate` and `Country` may be missing, others are ignored. Rows are
 * read as a stream and grouped by invoice number, in the order of each invoice's first row.
 *
 * @param path the file
 * @param limit take the first so many invoices; the rest of the file is still read and checked
 * @throws RetailCsvError when the file cannot be read or a cell does not fit its column
 */
export const readRetailCsv = async (path: string, limit = Number.POSITIVE_INFINITY): Promise<Invoice[]> => {
  const invoices = new Map<string, { invoiceNo: string; customerId?: string; lines: InvoiceLine[] }>();
  const file = createReadStream(path);
  const parser = parse({ bom: true, columns: (header: string[]) => checkHeader(path, header), info: true });
  // When a row is refused, a pipeline would report that its other parts were aborted, not the reason.
  file.on('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    for await (const row of parser as AsyncIterable<Row>) {
      const cells = readRow(path, row);
      const known = invoices.get(cells.invoiceNo);
      if (known) {
        known.lines.push(cells.line);
        if (cells.customerId !== undefined) known.customerId ??= cells.customerId;
      } else if (invoices.size < limit) {
        const { invoiceNo, customerId, line } = cells;
        invoices.set(invoiceNo, {
          invoiceNo,
          lines: [line],
          ...(customerId === undefined ? {} : { customerId }),
        });
      }
    }
  } catch (error) {
    throw explain(path, error);
  } finally {
    file.destroy();
  }
  if (parser.info.records === 0) throw new RetailCsvError(`${path} holds no invoice: it has no row of data.`);
  return [...invoices.values()];
};

const checkHeader = (path: string, header: readonly string[]): string[] => {
  const names = header.map((name) => name.trim());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length === 0) return names;
  const found = names.map((name) => JSON.stringify(name.slice(0, 30))).slice(0, 12);
  throw new RetailCsvError(
    `${path} line 1: missing column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}. ` +
      `The Online Retail CSV has ${COLUMNS.join(', ')}; found ${found.join(', ')}.`,
  );
};

const readRow = (
  path: string,
  { record, info }: Row,
): { invoiceNo: string; customerId?: string; line: InvoiceLine } => {
  const refuse = (column: Column, expected: string): never => {
    const value = JSON.stringify((record[column] ?? '').slice(0, 40));
    throw new RetailCsvError(`${path} line ${info.lines}, column ${column}: ${value} is not ${expected}.`);
  };
  const cell = (column: Column, shape: RegExp, expected: string): string => {
    const value = (record[column] ?? '').trim();
    return shape.test(value) ? value : refuse(column, expected);
  };
  const invoiceNo = cell('InvoiceNo', /^[A-Za-z0-9-]{1,32}$/, 'an invoice number (letters and digits)');
  const quantity = Number(cell('Quantity', /^[+-]?\d{1,9}$/, 'a whole number'));
  const pounds = cell('UnitPrice', /^-?\d{1,9}(\.\d*)?$/, 'a price such as 2.55');
  // Tables that went through a data frame write the customer as "17850.0".
  const customer = cell(
    'CustomerID',
    /^([A-Za-z0-9_-]{1,58}(\.0)?)?$/,
    'a customer number (letters and digits) or empty',
  ).replace(/\.0$/, '');
  return {
    invoiceNo,
    ...(customer === '' ? {} : { customerId: customer }),
    line: {
      stockCode: cell('StockCode', /^.+$/, 'a stock code'),
      description: (record.Description ?? '').trim(),
      quantity,
      price: Math.round(Number(pounds) * 100),
    },
  };
};

const explain = (path: string, error: unknown): unknown => {
  if (error instanceof RetailCsvError) return error;
  if (error instanceof CsvError) {
    const line = error.lines === undefined ? '' : ` line ${error.lines}`;
    return new RetailCsvError(`${path}${line}: not a valid CSV: ${error.message}.`, { cause: error });
  }
  const code = codeOf(error);
  if (code === 'ENOENT') return new RetailCsvError(`${path} does not exist.`, { cause: error });
  if (code === 'EISDIR') return new RetailCsvError(`${path} is a folder, not a CSV file.`, { cause: error });
  if (code === 'EACCES') return new RetailCsvError(`${path} may not be read by this user.`, { cause: error });
  return error;
};
