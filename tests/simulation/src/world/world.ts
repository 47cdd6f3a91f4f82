import { createDynamoDb, type DynamoDb } from '@orderly/aws/dynamodb/service';
import { createSqs, type SqsService } from '@orderly/aws/sqs/service';
import { Calls } from './calls.ts';
import { Conditions, type ConditionsOptions } from './conditions.ts';
import { Dice } from './dice.ts';
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

  #disturb(): void {
    const { transactionConflict, staleRead, indexLag } = this.faults;
    const { transactionConflicts, staleReads, indexLag: lag } = this.dynamodb.faults;
    transactionConflicts.probability = transactionConflict;
    staleReads.probability = staleRead;
    lag.probability = indexLag;
  }
}
