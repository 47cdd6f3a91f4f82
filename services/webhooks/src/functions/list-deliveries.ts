import { http } from '@orderly/functions/http/handler';
import { answerPage } from '@orderly/functions/http/page';
import { listDeliveries } from '../adapters/delivery-table.ts';
import { findEndpoint } from '../adapters/endpoint-table.ts';
import { ownEndpoint } from '../api/access.ts';
import { showDelivery } from '../api/deliveries.ts';
import { DeliveriesQuery, EndpointPath, logKeys } from '../api/endpoints.ts';

export const handler = http(
  { path: EndpointPath, query: DeliveriesQuery, logKeys },
  async ({ path: { endpointId }, query, caller }) => {
    ownEndpoint(caller, endpointId, await findEndpoint(endpointId));
    return answerPage(endpointId, query, async (limit, after) => {
      const page = await listDeliveries(endpointId, limit, after);
      return { ...page, items: page.items.map(showDelivery) };
    });
  },
);
