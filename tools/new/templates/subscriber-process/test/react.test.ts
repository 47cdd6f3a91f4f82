import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  __Event__,
} from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { createDispatch, events } from '../src/react.ts';

const samples = [
  sampleEvent(__Event__, { subject: '__Event__' }),
];

it('handles each event of the subscription once', async () => {
  const lines: string[] = [];
  const dispatch = createDispatch((line) => lines.push(line));

  for (const sample of [...samples, ...samples]) await dispatch(JSON.stringify(sample));

  assert.equal(samples.length, events.length);
  assert.deepEqual(
    lines,
    samples.map(({ type, subject, sequence }) => `${type} of ${subject}, version ${sequence}`),
  );
});

it('rejects what is no event', async () => {
  await assert.rejects(createDispatch(() => {})('hello'));
});
