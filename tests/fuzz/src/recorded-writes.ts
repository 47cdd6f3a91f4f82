import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

type Send = (this: unknown, command: object, ...rest: unknown[]) => Promise<unknown>;

const recording = new AsyncLocalStorage<string[]>();
const writing = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

/** From here on every write of every client of DynamoDB is known to `writesOf`; to be called once. */
export function recordWrites(): void {
  const send = DynamoDBClient.prototype.send as unknown as Send;
  const recorded: Send = async function (command, ...rest) {
    const answer = await send.call(this, command, ...rest);
    // One that was refused has thrown.
    if (writing.test(command.constructor.name)) recording.getStore()?.push(command.constructor.name);
    return answer;
  };
  Object.defineProperty(DynamoDBClient.prototype, 'send', { value: recorded });
}

/** What `work` comes to, and the writes that it has made. */
export async function writesOf<T>(work: () => Promise<T>): Promise<readonly [T, readonly string[]]> {
  const writes: string[] = [];
  const result = await recording.run(writes, work);
  return [result, writes];
}
