import { resolve } from 'node:path';
import type { CloudEvent } from '@orderly/contracts';
import * as metrics from '@orderly/functions/observability/metrics';
import { readReleases } from '../../tools/codegen/contracts/released.ts';
import { readersOf, readSubscribers } from '../../tools/codegen/contracts/subscribers.ts';
import { deliver } from './invoke.ts';

const root = resolve(__dirname, '../..');

/**
 * Replays the example of every released version of every event of the topic that a service subscribes to, through the
 * very function that Lambda calls: what its subscription asks for has to be handled, all else ignored on purpose.
 *
 * @param given brings the service to where the event finds something to do, by the event's name; nothing where no
 * preparation is needed
 */
export function replaysReleasedEvents(
  service: string,
  handler: Parameters<typeof deliver>[0],
  given: Readonly<Record<string, (event: CloudEvent) => Promise<void>>> = {},
): void {
  const [subscriber] = readSubscribers(root).filter((each) => each.service === `services/${service}`);
  const releases = readReleases(root).filter(({ topic }) => topic === subscriber?.topic);

  /** The business metrics that were counted while the event was delivered. */
  async function counted(event: CloudEvent): Promise<readonly string[]> {
    const count = jest.spyOn(metrics, 'count');
    try {
      expect(await deliver(handler, event)).toEqual([]);
      return count.mock.calls.map(([name]) => name);
    } finally {
      count.mockRestore();
    }
  }

  it('has released events to replay', () => expect(releases.length).toBeGreaterThan(0));

  it.each(releases)('$type, revision $revision', async (release) => {
    const wanted = subscriber !== undefined && readersOf(release, [subscriber]).length > 0;
    // Checked against its schema when it was released.
    const event = release.example as unknown as CloudEvent;
    await given[String(release.schema.title)]?.(event);

    const metrics = await counted(event);

    expect(metrics).toContain(wanted ? 'EventsHandled' : 'EventsIgnored');
    expect(metrics).not.toContain('DuplicatesAbsorbed');
  });
}
