import { OrderPlaced, on } from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { doNothing } from './handler.ts';

export const handler = consume(on(OrderPlaced, doNothing));
