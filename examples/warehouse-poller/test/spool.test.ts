import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { OrderConfirmed } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { type Sheet, toText } from '../src/sheet.ts';
import { Spool } from '../src/spool.ts';

const folder = await mkdtemp(join(tmpdir(), 'spool-'));
after(() => rm(folder, { recursive: true, force: true }));

const { orderId, lines } = sampleEvent(OrderConfirmed).data;
const pickList: Sheet = { title: 'PICK LIST', orderId, sequence: 2 };
const withdrawn: Sheet = { title: 'WITHDRAWN', orderId, sequence: 3 };

it('keeps only the newest sheet of each order', async () => {
  const spool = await Spool.open(folder);
  assert.equal(await spool.find(orderId), undefined);

  await spool.put(pickList, toText(pickList, lines), undefined);
  assert.deepEqual(await spool.find(orderId), pickList);

  await spool.put(withdrawn, toText(withdrawn, lines), pickList);
  assert.deepEqual(await (await Spool.open(folder)).find(orderId), withdrawn);
  assert.deepEqual(await readdir(folder), [`${orderId}.txt`]);
});

it('refuses to overwrite a sheet that another process has written meanwhile', async () => {
  const spool = await Spool.open(folder);

  await assert.rejects(spool.put(pickList, toText(pickList, lines), undefined), { code: 'EEXIST' });
  assert.match(await readFile(join(folder, `${orderId}.txt`), 'utf8'), /^WITHDRAWN/);
  assert.deepEqual(await readdir(folder), [`${orderId}.txt`]);
});
