/** Once all integration tests are over. */
export default async function stopEmulators(): Promise<void> {
  await globalThis.emulators?.stop();
}
