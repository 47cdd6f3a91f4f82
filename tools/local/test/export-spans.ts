// Exports the span lines of its standard input to the endpoint of its first argument, and ends with its input. A
// process of its own, because the exporter imports modules in a way that Jest's sandbox does not support.
import { createInterface } from 'node:readline';
import { startSpanExport } from '../src/span-export.ts';
import { readSpanLine } from '../src/span-line.ts';

const exporting = startSpanExport(process.argv[2] ?? '', (message) => process.stderr.write(`${message}\n`));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const span = readSpanLine(line);
    if (span === undefined) throw new TypeError(`No span line: ${line}`);
    exporting.add(span);
  })
  .on('close', () => void exporting.stop());
