/** Stops the platform, and fails the run if an event that it published was not as its schema says. */
export default async function stop(): Promise<void> {
  try {
    const counts = await globalThis.publishedEvents?.finish();
    console.log('Published events, all valid by their JSON Schemas:', counts);
  } finally {
    await globalThis.platform?.stop();
  }
}
