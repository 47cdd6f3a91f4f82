import { grantedPermissions } from '../privileges/permissions.ts';

it('grants are read from the packaged roles, with names as calls have them', async () => {
  const granted = await grantedPermissions();
  const of = (fn: string) =>
    granted.filter((each) => each.fn === fn).map(({ action, resource }) => `${action} ${resource}`);

  expect(of('orders/list-orders')).toContain('dynamodb:Query orders/index/by-customer');
  expect(of('orders/place-order')).toContain('dynamodb:PutItem orders');
  expect(of('orders/publish-events')).toEqual(
    expect.arrayContaining([
      'sqs:ListQueues *',
      'sqs:SendMessage order-events--*',
      'sqs:SendMessage dlq--order-events.fifo',
    ]),
  );
  expect(of('webhooks/deliver')).toEqual(
    expect.arrayContaining([
      'sqs:SendMessage webhooks--deliveries',
      'sqs:ReceiveMessage webhooks--deliveries',
      'ssm:GetParameter parameter/orderly/dev/webhook-key',
    ]),
  );
  expect(of('orders/consume-inventory-events')).toContain('sqs:ReceiveMessage inventory-events--orders.fifo');
});
