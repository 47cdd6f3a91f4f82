import { paginate } from '../src/index.ts';

const pages = new Map([
  [undefined, { items: [1, 2], nextCursor: 'b' }],
  ['b', { items: [], nextCursor: 'c' }],
  ['c', { items: [3] }],
]);

it('gives every item of every page, and keeps the other fields of the request', async () => {
  const requests: object[] = [];
  const list = async (request: { readonly limit: number; readonly cursor?: string | undefined }) => {
    requests.push(request);
    return pages.get(request.cursor) ?? { items: [] };
  };

  const items: number[] = [];
  for await (const item of paginate(list, { limit: 2 })) items.push(item);

  expect(items).toEqual([1, 2, 3]);
  expect(requests).toEqual([{ limit: 2 }, { limit: 2, cursor: 'b' }, { limit: 2, cursor: 'c' }]);
});

it('asks for no page that nobody reads', async () => {
  const list = jest.fn(async () => ({ items: [1, 2], nextCursor: 'b' }));

  for await (const _ of paginate(list, {})) break;

  expect(list).toHaveBeenCalledTimes(1);
});
