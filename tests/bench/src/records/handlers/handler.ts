import type { CloudEvent } from '@orderly/contracts';
import type { Context } from 'aws-lambda';

/** A function as Lambda calls it. */
export type Handler<Input> = (input: Input, context: Context) => Promise<unknown>;

/** What every consumer here does with an event. */
export async function doNothing(_event: Pick<CloudEvent, 'id'>): Promise<void> {}
