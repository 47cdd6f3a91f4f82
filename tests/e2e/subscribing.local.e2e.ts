import { programEnvironment } from './platform.ts';
import { queues } from './queues.ts';
import { expectConfirmation, runSnippet, type Snippet } from './snippet.ts';

let snippet: Snippet | undefined;
afterEach(() => snippet?.kill());

it("docs/subscribing.md's first subscriber prints the confirmation of an order that is placed after it", async () => {
  snippet = runSnippet('first-event.ts', programEnvironment());

  await expectConfirmation(snippet);

  snippet.kill();
  for (const name of ['order-events--my-team.fifo', 'dlq--order-events--my-team.fifo']) {
    await queues.delete(await queues.url(name));
  }
});
