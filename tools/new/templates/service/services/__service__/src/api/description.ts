import { __Thing__Id, Timestamp } from '@orderly/contracts';
import { type ApiDescription, answerOf } from '@orderly/functions/http/api-description';
import * as v from 'valibot';
import { New__Thing__, __Thing__Path, __thing__Location, __thing__NotFound, type show__Thing__ } from './__things__.ts';

const __Thing__Body = answerOf<ReturnType<typeof show__Thing__>>()({
  __thing__Id: __Thing__Id,
  status: v.picklist(['OPEN', 'CLOSED']),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  openedAt: Timestamp,
  closedAt: v.optional(Timestamp),
});

const __thing__Id = v.parse(__Thing__Id, 'a3da9915-e501-815b-b444-699b1c553a42');
const opened = { __thing__Id, status: 'OPEN', version: 1, openedAt: '2026-01-31T12:00:00.000Z' };
const closed = { ...opened, status: 'CLOSED', version: 2, closedAt: '2026-01-31T13:00:00.000Z' };

export const apiDescription: ApiDescription = {
  title: 'Orderly __service__',
  version: '1.0.0',
  description: 'Opens __things__ and tracks their status: `OPEN -> CLOSED`.',
  url: 'http://127.0.0.1:__port__',
  tags: { __things__: '__Things__, each with the id of what it is about' },
  schemas: {
    New__Thing__: { schema: New__Thing__, description: '__AThing__ as a caller opens it.' },
    __Thing__: { schema: __Thing__Body, description: '__AThing__. A CLOSED one has `closedAt`.' },
    __Thing__Id: { schema: __Thing__Id },
  },
  routes: [
    {
      route: 'POST /__things__',
      name: 'open-__thing__',
      tag: '__things__',
      summary: 'Opens __aThing__',
      body: { schema: New__Thing__, example: { __thing__Id } },
      answers: [
        {
          status: 201,
          description: 'The __thing__ is open. A repeat opens nothing and gets the answer of the first request.',
          schema: __Thing__Body,
          example: opened,
          location: __thing__Location(__thing__Id),
        },
      ],
    },
    {
      route: 'GET /__things__/{__thing__Id}',
      name: 'get-__thing__',
      tag: '__things__',
      summary: 'Shows __aThing__',
      path: __Thing__Path,
      answers: [{ status: 200, description: 'The __thing__', schema: __Thing__Body, example: closed }],
      problems: [{ when: 'There is no such __thing__', example: __thing__NotFound(__thing__Id) }],
    },
  ],
};
