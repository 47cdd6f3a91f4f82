import type {
  Actions,
  ItemPage,
  OrderDetail,
  OrderPage,
  QueueDetail,
  QueueState,
  TableRow,
  Topology,
} from '../api.ts';
import type { DeadLetters } from '../views/dead-letters.ts';
import type { OrderSearch } from '../views/orders.ts';
import type { ItemsRequest } from '../views/tables.ts';

/** What is read of a stage, and done to it, wherever it runs. What is not possible there is refused. */
export interface Stage {
  readonly deadLetters: DeadLetters;
  queues(): Promise<readonly QueueState[]>;
  queue(queue: QueueState): Promise<QueueDetail>;
  topology(): Promise<Topology>;
  searchOrders(search: OrderSearch): Promise<OrderPage>;
  order(orderId: string): Promise<OrderDetail>;
  tables(): Promise<readonly TableRow[]>;
  items(request: ItemsRequest): Promise<ItemPage>;
  redrive(input: unknown): Promise<Actions['redrive']['out']>;
  drop(input: unknown): Promise<Actions['drop']['out']>;
  replay(orderId: string, input: unknown): Promise<Actions['replayOrder']['out']>;
  retryNotifications(input: unknown): Promise<Actions['retryNotifications']['out']>;
  close(): void;
}
