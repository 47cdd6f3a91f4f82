import assert from 'node:assert/strict';
import { invalid } from '../assertions.ts';
import { type Item, n, s } from '../attribute-values.ts';
import { type CaseContext, group } from '../case.ts';
import { plain, streamed } from '../tables.ts';

const DAYS_ON_AWS = 'AWS deletes expired items within a few days.';
const notOn = { aws: DAYS_ON_AWS, other: 'A server may take as long as it likes.' };
/** DynamoDB Local looks for expired items about every ten seconds. */
const EXPIRY_MS = 40_000;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset;

const update = ({ db }: CaseContext, TableName: string, AttributeName: string, Enabled = true) =>
  db.dynamodb.updateTimeToLive({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } });

const describe = async ({ db }: CaseContext, TableName: string) =>
  (await db.dynamodb.describeTimeToLive({ TableName })).TimeToLiveDescription;

const expiring = async (context: CaseContext): Promise<string> => {
  const { name } = await context.db.createTable(streamed, 'ttl');
  await update(context, name, 'expires');
  return name;
};

const untilGone = async ({ db }: CaseContext, table: string, key: Item): Promise<void> =>
  db.eventually(async () => assert.equal(await db.get(table, key), undefined), EXPIRY_MS);

export const timeToLive = group('time to live', {
  async 'Time to live is off until it is turned on for an attribute'(context) {
    const { name } = await context.db.createTable(plain, 'ttl');
    assert.deepEqual(await describe(context, name), { TimeToLiveStatus: 'DISABLED' });
    const { TimeToLiveSpecification } = await update(context, name, 'expires');
    assert.deepEqual(TimeToLiveSpecification, { AttributeName: 'expires', Enabled: true });
    const description = await describe(context, name);
    assert.equal(description?.AttributeName, 'expires');
    assert.match(description?.TimeToLiveStatus ?? '', /^ENABL(ED|ING)$/);
  },
  async 'Time to live cannot be turned on twice'(context) {
    const { name } = await context.db.createTable(plain, 'ttl');
    await update(context, name, 'expires');
    await invalid(
      update(context, name, 'expires'),
      /^TimeToLive is already enabled$|modified multiple times/,
    );
  },
  async 'Time to live that is off cannot be turned off'(context) {
    const { name } = await context.db.createTable(plain, 'ttl');
    await invalid(update(context, name, 'expires', false), 'TimeToLive is already disabled');
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
  'An expired item is deleted, and the record says that the service did it': {
    notOn,
    async run(context) {
      const { db, id } = context;
      const table = await expiring(context);
      const item = { pk: s(id), sk: s('x'), expires: n(seconds(-60)) };
      await db.put(table, item);
      await untilGone(context, table, { pk: s(id), sk: s('x') });
      const [, record] = await db.stream.ofPartition(table, id);
      assert.equal(record?.eventName, 'REMOVE');
      assert.deepEqual(record.dynamodb?.OldImage, item);
      assert.deepEqual(record.userIdentity, { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' });
    },
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
  'Items that expire later, long ago, or by something other than a number stay': {
    notOn,
    async run(context) {
      const { db, id } = context;
      const table = await expiring(context);
      const expiries = {
        later: n(seconds(3600)),
        text: s(String(seconds(-60))),
        ancient: n(seconds(-6 * YEAR_SECONDS)),
      };
      for (const [sk, expires] of Object.entries(expiries))
        await db.put(table, { pk: s(id), sk: s(sk), expires });
      await db.put(table, { pk: s(id), sk: s('without') });
      await db.put(table, { pk: s(id), sk: s('expired'), expires: n(seconds(-60)) });
      await untilGone(context, table, { pk: s(id), sk: s('expired') });
      const { Items = [] } = await db.partition(table, id);
      assert.deepEqual(
        Items.map(({ sk }) => sk?.S),
        ['ancient', 'later', 'text', 'without'],
      );
    },
  },
});
