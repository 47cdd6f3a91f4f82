import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodiesOf, TestStage } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-drop-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('orderly dlq drop', () => {
  let stage: TestStage;
  let queue: string;
  beforeEach(async () => {
    stage = new TestStage();
    queue = await stage.createQueue('dlq--order-events--inventory.fifo');
  });

  it('removes the named messages and no others, prints them, and keeps a copy with --save', async () => {
    const poison = await stage.send(queue, '{"poison":true}', { group: 'a', attributes: { tenant: 'x' } });
    await stage.send(queue, 'other', { group: 'b' });
    const save = join(folder, 'copy.jsonl');

    const { code, out } = await stage.orderly('dlq', 'drop', '--message', poison, '--yes', '--save', save);

    expect([code, out]).toEqual([0, expect.stringMatching(/"poison":true[\s\S]+Dropped 1 message\./)]);
    expect(bodiesOf(await stage.drain(queue))).toEqual(['other']);
    const saved = readFileSync(save, 'utf8').trim().split('\n');
    expect(saved.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        queue: `${stage.name}-dlq--order-events--inventory.fifo`,
        messageId: poison,
        group: 'a',
        body: '{"poison":true}',
        attributes: { tenant: { DataType: 'String', StringValue: 'x' } },
      }),
    ]);
  });

  it('removes nothing when the copy cannot be written', async () => {
    await stage.send(queue, 'precious');

    const save = join(folder, 'no/such');
    const { code, err } = await stage.orderly('dlq', 'drop', '--all', '--yes', '--save', save);

    expect([code, err]).toEqual([1, expect.stringContaining('ENOENT')]);
    expect(bodiesOf(await stage.drain(queue))).toEqual(['precious']);
  });

  it('requires --yes without a terminal, and removes nothing without it', async () => {
    await stage.send(queue, 'precious');

    const { code, err } = await stage.orderly('dlq', 'drop', '--all');

    expect([code, err]).toEqual([2, expect.stringContaining('Dropped messages are gone: add --yes')]);
    expect(await stage.messagesIn(queue)).toBe(1);
  });

  it('with --dry-run lists messages and removes none', async () => {
    await stage.send(queue, 'precious');

    const { code, out } = await stage.orderly('dlq', 'drop', '--all', '--dry-run');

    expect([code, out]).toEqual([0, expect.stringContaining('Would drop 1 message.')]);
    expect(bodiesOf(await stage.drain(queue))).toEqual(['precious']);
  });

  it('with --subscription removes the parked events of one subscription, also from between those of others', async () => {
    const parked = await stage.createQueue('dlq--order-events.fifo');
    for (const [body, consumer] of Object.entries({ 1: 'gone', 2: 'kept', 3: 'gone', 4: 'kept' })) {
      const target = `http://sqs.test/1/${stage.name}-order-events--${consumer}.fifo`;
      await stage.send(parked, body, { id: `event-${body}:hash`, attributes: { target, reason: 'refused' } });
    }

    await stage.json('dlq', 'drop', '--all', '--subscription', 'gone', '--yes');

    expect(bodiesOf(await stage.drain(parked))).toEqual(['2', '4']);
  });
});
