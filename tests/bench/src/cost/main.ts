import { readVersion } from '@orderly/local/version';
import { wholeNumber } from '@orderly/support/options';
import { Command } from 'commander';
import { assumptions } from './assumptions.ts';
import { orderBill, standingBill } from './bill.ts';
import { walkDeliveries } from './deliveries.ts';
import { withoutWebhooks } from './life.ts';
import { startMeteredPlatform } from './metered-platform.ts';
import { comparePeers, peerTable } from './peers/table.ts';
import { monthlyPrices, priceList, unitPrices } from './prices.ts';
import { countOf, RATES, report } from './report.ts';
import { packagedTemplates, readStage } from './stage.ts';
import { walkOrders } from './walk.ts';
import { deliveryBill, idleBill, webhookReport } from './webhooks.ts';

/** Beyond those of the largest order. */
const FIRST_OTHER_SKU = 2000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Options {
  readonly lines: number;
  readonly json: boolean;
}

const command = new Command('npm run cost --')
  .version(readVersion())
  .description('Counts what the life of an order makes AWS charge for, and what that costs.')
  .option('--lines <n>', 'how many products an order has', wholeNumber(1, 99), 3)
  .option('--json', 'print one JSON object', false);

async function main(): Promise<void> {
  const { lines, json } = command.parse().opts<Options>();
  say('Packaging the services as for a deploy.');
  const packaged = { dev: await packagedTemplates('dev'), prod: await packagedTemplates('prod') };
  const prod = readStage('prod', packaged.prod);
  const stages = [readStage('dev', packaged.dev), prod];
  say('Starting the platform.');
  const platform = await startMeteredPlatform();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void platform.stop().finally(() => process.exit(130)));
  try {
    say(`Taking orders of ${lines} lines through their lives.`);
    const idle = await walkOrders(platform, lines);
    const single = withoutWebhooks(await walkOrders(platform, 1, FIRST_OTHER_SKU));
    say('Delivering their events to an endpoint.');
    const webhooks = { idle, delivering: await walkDeliveries(platform, idle, lines) };
    const life = withoutWebhooks(idle);
    // The second walk finds the queues looked up.
    const peers = await comparePeers(life, lines, { ...single, lookUpRequests: life.lookUpRequests });
    if (!json) {
      const beside = `USD beside other designs:\n\n${peerTable(peers, prod)}`;
      const alone = Object.entries(packaged).map(([name, { webhooks = { Resources: {}, Outputs: {} } }]) =>
        readStage(name, { webhooks }),
      );
      const posting = webhookReport(webhooks, prod, alone);
      return void process.stdout.write(`${[report(idle, stages), posting, beside].join('\n\n')}\n`);
    }
    const counts = Object.entries(life.steps).map(([step, all]) => [step, countOf(all)]);
    const bills = stages.map((stage) => ({
      stage,
      orders: RATES.map((rate) => orderBill(life, stage, rate)),
      months: [0, ...RATES].map((ordersPerDay) => ({
        ordersPerDay,
        standing: standingBill(idle, stage, ordersPerDay),
      })),
    }));
    const webhookBills = RATES.map((ordersPerDay) => ({
      ordersPerDay,
      order: idleBill(webhooks, prod, ordersPerDay),
      delivery: deliveryBill(webhooks, prod, ordersPerDay),
    }));
    const { ecommerce, airline } = peers;
    const prices = { ...priceList, unitPrices, monthlyPrices };
    process.stdout.write(
      `${JSON.stringify({ lines, counts: Object.fromEntries(counts), bills, webhooks: webhookBills, peers: [ecommerce, airline], prices, assumptions })}\n`,
    );
  } finally {
    await platform.stop();
  }
}

main().catch((error: Error) => {
  say(`cost failed: ${error.stack ?? error.message}`);
  process.exitCode = 1;
});
