import { conforms } from './conformance.ts';
import { range } from './sqs-under-test.ts';

conforms('sqs-fair-queues', {
  async 'A standard queue takes message groups and answers them'(sqs, url) {
    await sqs.send(url, 'x', { MessageGroupId: 'tenant' });

    expect((await sqs.receiveOne(url)).Attributes).toMatchObject({ MessageGroupId: 'tenant' });
  },
  async 'A group does not block itself in a standard queue'(sqs, url) {
    for (const body of 'ab') await sqs.send(url, body, { MessageGroupId: 'tenant' });
    await sqs.receiveOne(url);

    expect(await sqs.receiveBodies(url)).toEqual(['b']);
  },
  async 'A noisy group does not hold up the messages of a quiet one'(sqs, url) {
    for (const index of range(50)) await sqs.send(url, `noisy${index}`, { MessageGroupId: 'noisy' });
    await sqs.receive(url);
    await sqs.send(url, 'quiet', { MessageGroupId: 'quiet' });

    expect((await sqs.receiveBodies(url))[0]).toBe('quiet');
  },
  async 'A group is quiet again when its messages are deleted'(sqs, url) {
    for (const index of range(3)) await sqs.send(url, `a${index}`, { MessageGroupId: 'a' });
    await sqs.delete(url, ...(await sqs.receive(url, { MaxNumberOfMessages: 2 })));
    await sqs.send(url, 'b', { MessageGroupId: 'b' });

    expect(await sqs.receiveBodies(url)).toEqual(['a2', 'b']);
  },
});
