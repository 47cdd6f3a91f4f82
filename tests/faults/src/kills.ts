import { type Fault, type FaultyCall, replacing } from './injector.ts';
import { kill } from './replies.ts';

/** Functions killed at every point where it could matter: the process is gone, and with it all that it knew. */

const isWrite = ({ functionName, operation }: FaultyCall): boolean =>
  functionName !== undefined && (operation === 'PutItem' || operation === 'TransactWriteItems');

const isSend = ({ functionName, operation }: FaultyCall): boolean =>
  functionName !== undefined && operation === 'SendMessageBatch';

const isConsumer = ({ functionName = '' }: FaultyCall): boolean =>
  /-consume-[a-z]+-events$/.test(functionName);

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
];
