import { environment, text } from '@orderly/functions/env';
import * as v from 'valibot';
import type { AddressRules } from '../domain/address.ts';

/**
 * Whether endpoints on this machine are allowed. Only the local platform sets WEBHOOK_LOOPBACK; in a Lambda function the
 * loopback interface has its runtime's API.
 *
 * @throws Error in prod
 */
export function addressRules(): AddressRules {
  const { STAGE: stage, WEBHOOK_LOOPBACK } = environment({
    STAGE: text,
    WEBHOOK_LOOPBACK: v.optional(v.picklist(['true', 'false'], 'is neither true nor false'), 'false'),
  });
  const loopback = WEBHOOK_LOOPBACK === 'true';
  if (loopback && stage === 'prod') throw new Error('WEBHOOK_LOOPBACK must not be true in prod');
  return { loopback };
}
