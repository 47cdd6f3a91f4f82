import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ShownContract, shownContracts } from '../../../tools/codegen/contracts/contract.ts';
import { writeFiles } from '../../../tools/codegen/contracts/files.ts';
import { brokenPromises, gateReport } from '../../../tools/codegen/contracts/gate.ts';
import { release } from '../../../tools/codegen/contracts/release.ts';
import {
  newReleases,
  type Release,
  readReleases,
  releasedFolder,
} from '../../../tools/codegen/contracts/released.ts';
import { readersOf, readSubscribers } from '../../../tools/codegen/contracts/subscribers.ts';
import { StockReserved } from '../src/index.ts';
import { validatorOf } from './validator.ts';

const root = resolve(__dirname, '../../..');
const releases = readReleases(root);
const subscribers = readSubscribers(root);
const working = shownContracts();
/** As if what is there now had just been released for the first time. */
const baseline: readonly Release[] = working.map((contract) => ({ ...contract, revision: 1 }));

interface Editable {
  properties: Record<string, object>;
  required: string[];
}

/** The working contracts with one change in the data of StockReserved, or further down at `keys`. */
function withStockReserved(
  edit: (at: Editable) => void,
  ...keys: readonly string[]
): readonly ShownContract[] {
  return changed((contract) => {
    const schema = JSON.parse(JSON.stringify(contract.schema));
    edit(['properties', 'data', ...keys].reduce((at, key) => at[key], schema));
    return { ...contract, schema };
  });
}

const changed = (change: (contract: ShownContract) => ShownContract): readonly ShownContract[] =>
  working.map((contract) => (contract.type === StockReserved.type ? change(contract) : contract));

const withNote = withStockReserved(({ properties }) => {
  properties.note = { type: 'string' };
});

const versionTwo = (contract: ShownContract): ShownContract => ({
  ...contract,
  type: 'orderly.stock.reserved.v2',
  schema: { title: 'StockReserved', type: 'object' },
});

describe('the gate', () => {
  it('names event, place, rule and the services that break when a field of a real event is renamed', () => {
    const renamed = withStockReserved(
      (item) => {
        const { quantity = {}, ...rest } = item.properties;
        item.properties = { ...rest, pieces: quantity };
        item.required = ['sku', 'pieces'];
      },
      'properties',
      'lines',
      'items',
    );

    expect(brokenPromises(baseline, renamed, subscribers)).toEqual([
      'StockReserved.v1 $.data.lines[*].quantity: field removed or renamed (it was required; revision 1). ' +
        'Breaks readers of StockReserved.v1: services/orders, queues of other teams on inventory-events; ' +
        'they check what they read with the released schema.',
      'StockReserved.v1 $.data.lines[*].pieces: required field added (events of the past lack it; revision 1). ' +
        'Breaks readers of StockReserved.v1: services/orders, queues of other teams on inventory-events; with ' +
        'the new schema they refuse events of the past, which wait in queues, outboxes and archives.',
    ]);
  });

  it.each<[string, readonly ShownContract[], string]>([
    [
      'is gone',
      working.filter(({ type }) => type !== StockReserved.type),
      'event removed or renamed (there is no orderly.stock.reserved.v1; revision 1)',
    ],
    [
      'goes to another topic',
      changed((contract) => ({ ...contract, topic: 'order-events' })),
      'topic changed (from inventory-events to order-events; revision 1)',
    ],
    [
      'has another name',
      changed((contract) => ({ ...contract, schema: { ...contract.schema, title: 'StockSetAside' } })),
      'name changed (from StockReserved to StockSetAside; revision 1)',
    ],
    [
      'has a schema with another URI',
      changed((contract) => ({ ...contract, schema: { ...contract.schema, $id: 'urn:other' } })),
      'schema renamed (from urn:orderly:schemas:orderly.stock.reserved.v1.json to urn:other; revision 1)',
    ],
  ])('stops an event that %s', (_what, contracts, message) => {
    expect(brokenPromises(baseline, contracts, subscribers)).toEqual([
      `StockReserved.v1 $: ${message}. Breaks readers of StockReserved.v1: services/orders, queues of other ` +
        'teams on inventory-events; they check what they read with the released schema.',
    ]);
  });

  it.each<[string, readonly ShownContract[]]>([
    ['a new optional field', withNote],
    [
      'another description',
      changed((contract) => ({
        ...contract,
        schema: { ...contract.schema, description: 'In other words.' },
      })),
    ],
    ['a new event, or a new version', working.flatMap((contract) => [contract, versionTwo(contract)])],
    ['no change', working],
  ])('lets %s pass', (_what, contracts) => {
    expect(brokenPromises(baseline, contracts, subscribers)).toEqual([]);
  });

  it('fails at a keyword that it could not compare later on, though the field is new', () => {
    const contracts = withStockReserved(({ properties }) => {
      properties.note = { type: 'object', patternProperties: {} };
    });

    expect(() => brokenPromises(baseline, contracts, subscribers)).toThrow(
      'orderly.stock.reserved.v1 $.data.note: cannot compare "patternProperties"',
    );
  });

  it('says what to do', () => {
    expect(gateReport(['What is wrong.'])).toMatch(/^What is wrong\.\n.* next version .*\n.*README\.md/);
  });
});

describe('a release', () => {
  const folder = `${releasedFolder}/inventory-events/orderly.stock.reserved`;
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'contracts-'));
    writeFiles(root, [{ path: 'services/orders/serverless.yml', content: 'custom: {}' }]);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('holds the first revision of every event, and adds nothing the second time', () => {
    const first = release(root);

    expect(readReleases(root)).toEqual([...baseline].sort((a, b) => a.type.localeCompare(b.type)));
    expect([first.length, release(root)]).toEqual([2 * working.length, []]);
  });

  it('adds no revision for what only people read', () => {
    const [contract] = working;
    const described = { ...contract?.schema, description: 'In other words.' };

    expect(
      newReleases(
        baseline,
        working.map((old) => (old === contract ? { ...old, schema: described } : old)),
      ),
    ).toEqual([]);
  });

  it('adds the first revision of a new version and leaves the old one alone', () => {
    const second = working.filter(({ type }) => type === StockReserved.type).map(versionTwo);

    expect(newReleases(baseline, [...working, ...second]).map(({ path }) => path)).toEqual([
      `${folder}.v2/1/schema.json`,
      `${folder}.v2/1/example.json`,
    ]);
  });

  it('adds a revision for a new optional field, and from then on protects that, too', () => {
    release(root);

    expect(release(root, withNote)).toEqual([`${folder}.v1/2/schema.json`, `${folder}.v1/2/example.json`]);

    expect(() => release(root)).toThrow(
      '$.data.note: field removed or renamed (it was optional; revision 2)',
    );
    expect(release(root, withNote)).toEqual([]);
  });

  it('is refused, and nothing is written, when it would break a released one', () => {
    release(root, withNote);
    const broken = [...working, ...working.slice(0, 1).map(versionTwo)];

    expect(() => release(root, broken)).toThrow('field removed or renamed');
    expect(existsSync(join(root, `${folder}.v2`))).toBe(false);
  });

  it.each([
    'note.txt',
    'inventory-events/orderly.stock.reserved.v1/0/schema.json',
    'inventory-events/orderly.stock.reserved.v1/1/other.json',
    'inventory-events/orderly.stock.reserved.v2/1/schema.json',
  ])('cannot be read with a stray file: %s', (path) => {
    release(root);
    writeFiles(root, [{ path: `${releasedFolder}/${path}`, content: '{}' }]);

    expect(() => readReleases(root)).toThrow(releasedFolder);
  });

  it.each(releases)('of $type, revision $revision, accepts its own example', ({ type, schema, example }) => {
    expect([schema.$id, example.type]).toEqual([`urn:orderly:schemas:${type}.json`, type]);
    expect(validatorOf(schema)(example)).toEqual([]);
  });
});

describe('subscribers', () => {
  it('are those that the services declare', () => {
    expect(subscribers.find(({ service }) => service === 'services/orders')).toEqual({
      service: 'services/orders',
      topic: 'inventory-events',
      events: ['ProductUpserted', 'StockReserved', 'StockRejected'],
    });
  });

  it('read an event when they name it, or name none', () => {
    const reader = (topic: string, ...events: string[]) => ({ service: 'services/a', topic, events });
    const [named, all] = [reader('inventory-events', 'StockReserved'), reader('inventory-events')];
    const others = [reader('inventory-events', 'StockShipped'), reader('order-events')];
    const contracts = working.filter(({ type }) => type === StockReserved.type);

    expect(contracts.map((contract) => readersOf(contract, [named, all, ...others]))).toEqual([[named, all]]);
  });
});
