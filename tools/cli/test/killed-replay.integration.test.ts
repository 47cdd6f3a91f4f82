import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { eventually } from '@orderly/support/eventually';
import type { Replayed } from '../src/replay/replay.ts';
import { outboxOf } from './outbox.ts';
import { TestStage } from './stage.ts';
import { createTable } from './stage-tables.ts';

const orders = 230;

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

it.each(['SIGKILL', 'SIGINT'] as const)(
  'a replay that is ended by %s and goes on gives the subscriber every order exactly once',
  async (signal) => {
    const stage = new TestStage();
    const events = Array.from(
      { length: orders },
      (): CloudEvent => sampleEvent(OrderPlaced, { id: randomUUID(), subject: randomUUID() }),
    );
    await createTable(
      `${stage.name}-orders`,
      events.map((event) => ({ pk: `ORDER#${event.subject}`, outbox: outboxOf(event) })),
    );
    const queue = await stage.createQueue('order-events--new.fifo');
    const command = ['--stage', stage.name, 'replay', '--topic', 'order-events', '--to', queue];

    child = spawn(process.execPath, [resolve(__dirname, '../bin/orderly.cjs'), ...command, '--rate', '20']);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        output += data;
      });
    }
    const ended = once(child, 'exit');
    await eventually(async () => expect(await stage.messagesIn(queue)).toBeGreaterThan(20), 60_000);
    child.kill(signal);
    const [code] = await ended;

    const [file = '', ...again] = [...output.matchAll(/--resume (\S+)/g)].map(([, path]) => path);
    const { outcome, counts } = await stage.json<Replayed>('replay', '--resume', file, '--rate', '3000');

    expect(again).toEqual([]);
    expect(existsSync(file)).toBe(false);
    expect(code).toBe(signal === 'SIGINT' ? 130 : null);
    expect([outcome, counts.items, counts.sent]).toEqual(['done', orders, orders]);
    const received = (await stage.drain(queue)).map(({ Body = '' }): CloudEvent => JSON.parse(Body));
    expect(received.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
  },
);
