/** The messages between `npm start` and a service. */

/** From the service, when it is up. */
export interface ServiceReady {
  readonly type: 'ready';
  readonly stage: string;
  readonly region: string;
  readonly url: string;
  readonly lambdaUrl: string;
}

/** To the service, once DynamoDB and SQS answer. */
export const emulatorsAreUp = { type: 'emulators-are-up' } as const;

/** From the service while it starts: a step that is done. */
export interface ServiceStep {
  readonly type: 'step';
  readonly step: string;
}
