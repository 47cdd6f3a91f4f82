import { createDynamoDb, type DynamoDb } from '@orderly/aws/dynamodb/service';
import { createSqs, type SqsService } from '@orderly/aws/sqs/service';
import { Calls } from './calls.ts';
import { Conditions, type ConditionsOptions } from './conditions.ts';
import { Dice } from './dice.ts';
import { FAULT_NAMES } from './faults.ts';
import { Lambda } from './lambda.ts';
import { Log } from './log.ts';
import { Mail } from './mail.ts';
import { REGION } from './region.ts';

/** A simulated AWS: one seed, one clock, one history. It knows nothing of the services that run on it. */
export class World extends Conditions {
  readonly dynamodb: DynamoDb;
  readonly sqs: SqsService;
  readonly mail: Mail;
  readonly log: Log;
  readonly calls: Calls;
  readonly lambda: Lambda;

  constructor(options: ConditionsOptions) {
    super(options);
    const common = { clock: this.scheduler, chance: new Dice(options.seed, 'aws'), region: REGION };
    this.dynamodb = createDynamoDb(common);
    this.sqs = createSqs(common);
    this.mail = new Mail(this);
    this.log = new Log(this.history);
    this.calls = new Calls(this, [this.dynamodb, this.sqs], this.mail);
    this.lambda = new Lambda(this, this.calls, this.log);
    this.#disturb();
  }

  override calm(): void {
    super.calm();
    this.#disturb();
  }

  /** What the embedded AWS did now and then, by the fault's name. */
  awsFaultCounts(): readonly (readonly [name: string, count: number])[] {
    const { transactionConflicts, staleReads, indexLag } = this.dynamodb.faults;
    return [
      [FAULT_NAMES.transactionConflict, transactionConflicts.count] as const,
      [FAULT_NAMES.staleRead, staleReads.count] as const,
      [FAULT_NAMES.indexLag, indexLag.count] as const,
    ].filter(([, count]) => count > 0);
  }

  #disturb(): void {
    const { transactionConflict, staleRead, indexLag } = this.faults;
    const { transactionConflicts, staleReads, indexLag: lag } = this.dynamodb.faults;
    transactionConflicts.probability = transactionConflict;
    staleReads.probability = staleRead;
    lag.probability = indexLag;
  }
}
