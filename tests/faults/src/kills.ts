import { type Fault, type FaultyCall, replacing } from './injector.ts';
import { kill } from './replies.ts';

/** Functions killed at every point where it could matter: the process is gone, and with it all that it knew. */

/** The webhooks service writes each event once for each endpoint, and so has rates of its own. */
const isOfWebhooks = ({ functionName = '' }: FaultyCall): boolean => functionName.startsWith('webhooks-');

const isWrite = (call: FaultyCall): boolean =>
  call.functionName !== undefined &&
  !isOfWebhooks(call) &&
  (call.operation === 'PutItem' || call.operation === 'TransactWriteItems');

const isSend = ({ functionName, operation }: FaultyCall): boolean =>
  functionName !== undefined && operation === 'SendMessageBatch';

const isConsumer = ({ functionName = '' }: FaultyCall): boolean =>
  /-consume-[a-z]+-events$/.test(functionName);

/** A consumer that has begun some of an event's deliveries and not the others. */
const isBeginning = (call: FaultyCall): boolean =>
  isOfWebhooks(call) && isConsumer(call) && call.operation === 'PutItem';

/** The worker on an endpoint writes down what came of an attempt. */
const isRecord = (call: FaultyCall): boolean =>
  isOfWebhooks(call) &&
  call.functionName?.endsWith('-deliver') === true &&
  call.operation === 'PutItem' &&
  String(Object(Object(Object(call.input.Item).sk)).S).startsWith('DELIVERY#');

const isWakeUp = (call: FaultyCall): boolean => isOfWebhooks(call) && call.operation === 'SendMessage';

/** Calls of one worker this close together are of one batch. */
const SAME_BATCH_MS = 100;

/** A consumer that has done some of its batch's writes and not the others. */
function midBatch(): Fault['concerns'] {
  const lastWrite = new Map<string, number>();
  return (call) => {
    if (!isWrite(call) || !isConsumer(call) || call.worker === undefined) return false;
    const before = lastWrite.get(call.worker) ?? 0;
    lastWrite.set(call.worker, Date.now());
    return Date.now() - before < SAME_BATCH_MS;
  };
}

export const kills = (): readonly Fault[] => [
  replacing('killed in the middle of a batch', 30, midBatch(), { carriedOut: false, reply: kill }),
  replacing('killed before the write', 150, isWrite, { carriedOut: false, reply: kill }),
  replacing('killed after the write, before the answer', 150, isWrite, { carriedOut: true, reply: kill }),
  replacing('killed after a send, before the checkpoint', 80, isSend, { carriedOut: true, reply: kill }),
  replacing('killed while an event is fanned out', 400, isBeginning, { carriedOut: false, reply: kill }),
  // Attempts are few while things break: most of what waits for a killed worker's lease comes after that.
  replacing('killed before an attempt is recorded', 50, isRecord, { carriedOut: false, reply: kill }),
  replacing('killed after an attempt is recorded', 50, isRecord, { carriedOut: true, reply: kill }),
  replacing('killed after a wake-up was sent', 300, isWakeUp, { carriedOut: true, reply: kill }),
];
