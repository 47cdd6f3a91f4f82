import type { ComponentType } from 'preact';
import { h } from './html.ts';
import { lazy } from './lazy.ts';
import { Order } from './views/order.ts';
import { Orders } from './views/orders.ts';

/** What each view gets: the second segment of the address, '' without one. */
export interface ViewProps {
  readonly id: string;
}

export interface View {
  readonly name: string;
  /** The first segment of its address; '' for the first view. */
  readonly segment: string;
  readonly component: ComponentType<ViewProps>;
}

type Loaded = ComponentType<ViewProps>;

const view = (name: string, segment: string, load: () => Promise<Loaded>): View => ({
  name,
  segment,
  component: lazy(load),
});

/** A view of all, and of one by its name. */
const either =
  (All: ComponentType<object>, One: Loaded): Loaded =>
  ({ id }) =>
    id ? h(One, { id }) : h(All, {});

export const views: readonly View[] = [
  view('Platform', '', async () => (await import('./views/platform.ts')).Platform),
  { name: 'Orders', segment: 'orders', component: either(Orders, Order) },
  view('Events', 'events', async () => (await import('./views/events.ts')).Events),
  view('Queues', 'queues', async () => {
    const [{ Queues }, { Queue }] = await Promise.all([
      import('./views/queues.ts'),
      import('./views/queue.ts'),
    ]);
    return either(Queues, Queue);
  }),
  view('Webhooks', 'webhooks', async () => {
    const [{ Webhooks }, { Webhook }] = await Promise.all([
      import('./views/webhooks.ts'),
      import('./views/webhook.ts'),
    ]);
    return either(Webhooks, Webhook);
  }),
  view('Functions', 'functions', async () => (await import('./views/functions.ts')).Functions),
  view('Tables', 'tables', async () => {
    const [{ Tables }, { Table }] = await Promise.all([
      import('./views/tables.ts'),
      import('./views/table.ts'),
    ]);
    return either(Tables, Table);
  }),
  // Not /api, where the server answers.
  view('API', 'apis', async () => (await import('./views/api.ts')).Api),
  view('Catalogue', 'catalogue', async () => (await import('./views/catalogue.ts')).Catalogue),
  view('Faults', 'faults', async () => (await import('./views/faults.ts')).Faults),
];

export const viewOf = (segments: readonly string[]): View | undefined =>
  views.find((candidate) => candidate.segment === (segments[0] ?? ''));
