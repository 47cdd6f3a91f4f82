import { OrderConfirmed } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { newSecret, signatureHeaders } from '../../../services/webhooks/src/domain/secret.ts';
import { readEvent } from '../receive-webhook.ts';

const secret = newSecret();
const event = sampleEvent(OrderConfirmed);
const body = JSON.stringify(event);
const signed = (at: Date) => signatureHeaders([secret], { id: event.id, body, at });

it("docs/webhooks.md's receiver reads what the platform has signed", () => {
  expect(readEvent(secret, body, signed(new Date()))).toEqual(event);
});

it("docs/webhooks.md's receiver refuses what is forged or old", () => {
  const anHourAgo = new Date(Date.now() - 60 * 60 * 1000);

  expect(() => readEvent(newSecret(), body, signed(new Date()))).toThrow('No matching signature found');
  expect(() => readEvent(secret, `${body} `, signed(new Date()))).toThrow('No matching signature found');
  expect(() => readEvent(secret, body, signed(anHourAgo))).toThrow('too old');
});
