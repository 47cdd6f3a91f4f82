import { linesWithAddresses } from '../function-log.ts';

/**
 * Stops the platform, and fails the run if an event that it published was not as its schema says, or a line of its
 * log holds an e-mail address.
 */
export default async function stop(): Promise<void> {
  try {
    const counts = await globalThis.publishedEvents?.finish();
    console.log('Published events, all valid by their JSON Schemas:', counts);
  } finally {
    await globalThis.platform?.stop();
  }
  const leaks = globalThis.platform ? linesWithAddresses() : [];
  if (leaks.length > 0) {
    throw new Error(`${leaks.length} log lines hold an e-mail address:\n${leaks.slice(0, 10).join('\n')}`);
  }
}
