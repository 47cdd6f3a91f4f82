import { freePort, freeServicePorts } from '@orderly/local/ports';

/** The settings of a platform that runs beside any other: a stage of its own, and ports that are free now. */
export async function ownPlatform(stage: string): Promise<Readonly<Record<string, string>>> {
  return {
    ...(await freeServicePorts()),
    ORDERLY_STAGE: stage,
    ORDERLY_DYNAMODB_PORT: String(await freePort()),
    ORDERLY_SQS_PORT: String(await freePort()),
    ORDERLY_AUTH_PORT: String(await freePort()),
  };
}
