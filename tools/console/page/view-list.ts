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

const view = (name: string, segment: string, load: () => Promise<ComponentType<ViewProps>>): View => ({
  name,
  segment,
  component: lazy(load),
});

export const views: readonly View[] = [
  view('Platform', '', async () => (await import('./views/platform.ts')).Platform),
  { name: 'Orders', segment: 'orders', component: ({ id }) => (id ? h(Order, { id }) : h(Orders, {})) },
];

export const viewOf = (segments: readonly string[]): View | undefined =>
  views.find((candidate) => candidate.segment === (segments[0] ?? ''));
