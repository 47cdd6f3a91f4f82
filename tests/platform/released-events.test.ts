import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSubscribers } from '../../tools/codegen/contracts/subscribers.ts';

const root = resolve(__dirname, '../..');

it.each(readSubscribers(root))('$service replays the released events of $topic', ({ service }) => {
  expect(existsSync(join(root, service, 'test/released-events.integration.test.ts'))).toBe(true);
});
