import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { RetailCsvError, readRetailCsv } from '../src/retail-csv.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const ROW =
  '536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01T08:26:00Z,2.55,17850,United Kingdom';

const folder = mkdtempSync(join(tmpdir(), 'orderly-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (content: string | Buffer): string => {
  const path = join(folder, 'invoices.csv');
  writeFileSync(path, content);
  return path;
};

const runDemo = (args: readonly string[]): Promise<{ status: unknown; stderr: string }> =>
  new Promise((resolve) => {
    const main = join(__dirname, '../src/main.ts');
    execFile(process.execPath, ['--import', 'tsx', main, ...args], (error, _stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stderr }),
    );
  });

const refusal = async (content: string | Buffer): Promise<string> => {
  const error: unknown = await readRetailCsv(file(content)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RetailCsvError);
  return error instanceof Error ? error.message.replace(`${folder}${sep}`, '/') : '';
};

describe('the reader of the Online Retail CSV', () => {
  it('groups rows into invoices, in the order of their first rows', async () => {
    const rows = [ROW, '536366,22633,"HAND WARMER, UNION JACK",3,x,1.85,,UK', '536365,71053,,2,x,3,17850,UK'];
    expect(await readRetailCsv(file([HEADER, ...rows].join('\n')))).toEqual([
      {
        invoiceNo: '536365',
        customerId: '17850',
        lines: [
          {
            stockCode: '85123A',
            description: 'WHITE HANGING HEART T-LIGHT HOLDER',
            quantity: 6,
            price: 255,
          },
          { stockCode: '71053', description: '', quantity: 2, price: 300 },
        ],
      },
      {
        invoiceNo: '536366',
        lines: [{ stockCode: '22633', description: 'HAND WARMER, UNION JACK', quantity: 3, price: 185 }],
      },
    ]);
  });

  it('takes the first invoices with all their rows, even those that come later', async () => {
    const rows = ['1,A1,,1,1,7', '2,A1,,1,1,7', '3,A1,,1,1,7', '1,A2,,1,1,7'];
    const text = ['InvoiceNo,StockCode,Description,Quantity,UnitPrice,CustomerID', ...rows].join('\n');
    const invoices = await readRetailCsv(file(text), 2);
    expect(invoices.map(({ invoiceNo, lines }) => [invoiceNo, lines.length])).toEqual([
      ['1', 2],
      ['2', 1],
    ]);
  });

  it('reads a file with a byte order mark, CRLF, columns in another order and customers such as 17850.0', async () => {
    const text =
      '\uFEFFCustomerID,InvoiceNo,Quantity,UnitPrice,StockCode,Description\r\n17850.0,7,-2,.5,A1,x\r\n';
    const error = await refusal(text);
    expect(error).toBe('/invoices.csv line 2, column UnitPrice: ".5" is not a price such as 2.55.');
    const invoices = await readRetailCsv(file(text.replace('.5,A1', '0.5,A1')));
    expect(invoices).toEqual([
      {
        invoiceNo: '7',
        customerId: '17850',
        lines: [{ stockCode: 'A1', description: 'x', quantity: -2, price: 50 }],
      },
    ]);
  });

  it('rounds a price to whole pence and keeps a negative one, which the workload refuses', async () => {
    const rows = ['1,A,x,1,d,0.001,1,UK', '1,A,x,1,d,4.555,1,UK', '1,A,x,1,d,-11062.06,1,UK'];
    const [first] = await readRetailCsv(file([HEADER, ...rows].join('\n')));
    expect(first?.lines.map(({ price }) => price)).toEqual([0, 456, -1106206]);
  });

  it.each([
    ['Quantity', ROW.replace(',6,', ',six,'), '"six" is not a whole number.'],
    ['Quantity', ROW.replace(',6,', ',1.5,'), '"1.5" is not a whole number.'],
    ['UnitPrice', ROW.replace('2.55', '£2.55'), '"£2.55" is not a price such as 2.55.'],
    ['UnitPrice', ROW.replace('2.55', ''), '"" is not a price such as 2.55.'],
    ['InvoiceNo', ROW.replace('536365', ''), '"" is not an invoice number (letters and digits).'],
    ['StockCode', ROW.replace('85123A', ' '), '" " is not a stock code.'],
    [
      'CustomerID',
      ROW.replace('17850', 'a@b.c'),
      '"a@b.c" is not a customer number (letters and digits) or empty.',
    ],
  ])('names file, line and column of a bad %s', async (column, bad, fault) => {
    expect(await refusal([HEADER, ROW, bad].join('\n'))).toBe(
      `/invoices.csv line 3, column ${column}: ${fault}`,
    );
  });

  it('names file, line and column of a bad cell in a file that takes several reads', async () => {
    // 64 kB are read at once: the file continues far beyond the refused row.
    const content = [HEADER, ROW, ROW.replace(',6,', ',many,'), ...Array.from({ length: 20_000 }, () => ROW)];

    expect(await refusal(content.join('\n'))).toBe(
      '/invoices.csv line 3, column Quantity: "many" is not a whole number.',
    );
  });

  it('ends the demo with exit code 2 and the place of a bad cell before a platform starts', async () => {
    const bad = ROW.replace('2.55', '"1,69"');
    const path = file([HEADER, ROW, bad, ...Array.from({ length: 20_000 }, () => ROW)].join('\n'));

    const { status, stderr } = await runDemo(['--file', path]);

    expect(stderr).toBe(`demo: ${path} line 3, column UnitPrice: "1,69" is not a price such as 2.55.\n`);
    expect(status).toBe(2);
  });

  it('names the missing columns and those that it found', async () => {
    expect(await refusal('Invoice,StockCode,Description,Quantity,Price,CustomerID\n1,2,3,4,5,6')).toBe(
      '/invoices.csv line 1: missing columns InvoiceNo, UnitPrice. The Online Retail CSV has InvoiceNo, StockCode, ' +
        'Description, Quantity, UnitPrice, CustomerID; found "Invoice", "StockCode", "Description", "Quantity", ' +
        '"Price", "CustomerID".',
    );
  });

  it.each([
    ['a row with too few cells', `${HEADER}\n${ROW}\n536365,85123A`, /csv line 3: not a valid CSV/],
    ['a quote that never ends', `${HEADER}\n536365,"85123A`, /csv line 2: not a valid CSV/],
    ['an empty file', '', /csv holds no invoice/],
    ['a file of nothing but a header', HEADER, /csv holds no invoice/],
    ['a binary file', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8, 10, 0xff]), /csv line 1: missing columns/],
  ])('refuses %s', async (_what, content, message) => {
    expect(await refusal(content)).toMatch(message);
  });

  it('reports a file that does not exist and a path that is a folder', async () => {
    await expect(readRetailCsv(join(folder, 'none.csv'))).rejects.toThrow(/none\.csv does not exist/);
    await expect(readRetailCsv(folder)).rejects.toThrow(/is a folder, not a CSV file/);
  });
});
