import { attemptMs } from '../../services/webhooks/src/adapters/attempts.ts';
import { longestWorkMs } from '../../services/webhooks/src/domain/worker.ts';
import { readFunctions } from '../../tools/codegen/documents/platform.ts';

// The templates' rules compare timeouts with calls of AWS. This function makes other calls.

const { timeout, environment } =
  readFunctions<{ readonly timeout: number; readonly environment: Readonly<Record<string, string>> }>(
    'webhooks',
  ).get('deliver') ?? {};

it('deliver has time for an attempt at an endpoint that begins last and takes longest', () =>
  expect(Number(timeout) * 1_000).toBeGreaterThanOrEqual(longestWorkMs({ attemptMs })));

it('deliver holds its leases for the timeout that it has', () =>
  expect(Number(environment?.TIMEOUT_SECONDS)).toBe(timeout));
