import { HelpRequested, parseOptions, UsageError } from './options.ts';
import { RetailCsvError } from './retail-csv.ts';
import { shapeOf } from './shape.ts';
import { openSource } from './source.ts';

/** Prints the figures that the generator imitates, of a file or of generated invoices. */
try {
  const options = parseOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  const { name, invoices } = await openSource(options);
  process.stdout.write(`${JSON.stringify({ source: name, ...shapeOf(invoices) }, undefined, 2)}\n`);
} catch (error) {
  const isForPeople =
    error instanceof UsageError || error instanceof RetailCsvError || error instanceof HelpRequested;
  if (!isForPeople) throw error;
  process.stderr.write(`shape: ${error.message}\n`);
  process.exitCode = error instanceof HelpRequested ? 0 : 2;
}
