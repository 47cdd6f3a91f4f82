import { answerHelp } from '@orderly/local/version';
import { markdown } from '../table.ts';
import { type Charges, idleMonth, millionOrders } from './cost.ts';

// `npm run cost:clouds`: the tables of docs/clouds.md#cost.

answerHelp(`Usage: npm run cost:clouds

Prints what orders cost on Azure and on Google Cloud by list price. What they cost on AWS: npm run cost.`);

const usd = (value: number): string => value.toFixed(2);
const sum = (charges: Charges): number => Object.values(charges).reduce((all, each) => all + each, 0);

function table(title: string, { azure, google }: Readonly<Record<'azure' | 'google', Charges>>): string {
  const rows = Object.keys(azure).map((name) => [name, usd(azure[name] ?? 0), usd(google[name] ?? 0)]);
  const total = ['**sum**', usd(sum(azure)), usd(sum(google))];
  return markdown({ title, columns: ['USD', 'Azure', 'Google Cloud'], rows: [...rows, total] });
}

process.stdout.write(`${table('A million orders', millionOrders)}\n\n`);
process.stdout.write(`${table('A month without orders', idleMonth)}\n`);
