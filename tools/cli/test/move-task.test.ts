import { moveByTask } from '../src/dead-letters/move-task.ts';
import { standIn } from './sqs-stand-in.ts';

const arn = { Attributes: { QueueArn: 'arn:aws:sqs:eu-central-1:1:dev-dlq--a.fifo' } };
const started = { TaskHandle: 'handle' };
const task = (Status: string, moved: number, more = {}) => ({
  Results: [{ Status, ApproximateNumberOfMessagesMoved: moved, ...more }],
});

describe('a move that SQS makes', () => {
  let service: Awaited<ReturnType<typeof standIn>>;
  const stop = new AbortController();
  afterEach(() => service.stop());

  function move(signal = stop.signal, progress: (moved: number) => void = () => undefined) {
    const options = { source: service.source, destination: service.source, rate: 50, signal, progress };
    return moveByTask(service.sqs, options, 1);
  }

  it('has a rate and a destination, and is followed to its end', async () => {
    service = await standIn({
      GetQueueAttributes: [arn],
      StartMessageMoveTask: [started],
      ListMessageMoveTasks: [task('RUNNING', 3), task('COMPLETED', 7)],
    });
    const seen: number[] = [];

    const moved = await move(stop.signal, (count) => seen.push(count));

    expect([moved, seen]).toEqual([7, [3, 7]]);
    expect(service.calls.find(({ operation }) => operation === 'StartMessageMoveTask')?.input).toEqual({
      SourceArn: arn.Attributes.QueueArn,
      DestinationArn: arn.Attributes.QueueArn,
      MaxNumberOfMessagesPerSecond: 50,
    });
  });

  it('fails with the reason of SQS', async () => {
    service = await standIn({
      GetQueueAttributes: [arn],
      StartMessageMoveTask: [started],
      ListMessageMoveTasks: [task('FAILED', 2, { FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' })],
    });

    await expect(move()).rejects.toThrow(/after 2 messages: AWS\.SimpleQueueService\.NonExistentQueue/);
  });

  it.each(['UnsupportedOperation', 'InvalidAction'])(
    'is reported as unsupported when SQS answers %s',
    async (code) => {
      service = await standIn({
        GetQueueAttributes: [arn],
        StartMessageMoveTask: [{ __type: `com.amazonaws.sqs#${code}`, message: 'Not here' }],
      });

      expect(await move()).toBe('unsupported');
    },
  );

  it('cannot run twice at once', async () => {
    const message = "There's already a task running. Only one active task is allowed at a time.";
    service = await standIn({
      GetQueueAttributes: [arn],
      StartMessageMoveTask: [{ __type: 'com.amazonaws.sqs#UnsupportedOperation', message }],
    });

    await expect(move()).rejects.toThrow(/is moving the messages of this queue already/);
  });

  it('is cancelled when the command is stopped', async () => {
    service = await standIn({
      GetQueueAttributes: [arn],
      StartMessageMoveTask: [started],
      ListMessageMoveTasks: [task('CANCELLING', 1)],
    });

    expect(await move(AbortSignal.abort())).toBe(1);
    expect(service.calls.map(({ operation }) => operation)).toContain('CancelMessageMoveTask');
  });
});
