import type { Design, FunctionWork, PeerFunction, TableRequest } from './design.ts';
import { logLine, metricLine } from './powertools.ts';

const ORDER_ID = '01234567-89ab-4def-8123-456789abcdef';
const NOW = '2026-11-24T12:00:00.000000';
const METADATA = '__metadata';

const functions = {
  'orders/create-order': { memoryMb: 768, source: 'orders/template.yaml:112' },
  'orders/get-order': { memoryMb: 512, source: 'orders/template.yaml:147' },
  'orders/table-update': { memoryMb: 384, source: 'orders/template.yaml:175' },
  // Without MemorySize, Lambda's default.
  'orders/on-events': { memoryMb: 128, source: 'orders/template.yaml:207' },
  'products/validate': { memoryMb: 128, source: 'products/template.yaml:83' },
  'warehouse/on-order-events': { memoryMb: 128, source: 'warehouse/template.yaml:98' },
  'warehouse/table-update': { memoryMb: 128, source: 'warehouse/template.yaml:141' },
  'delivery/on-package-created': { memoryMb: 128, source: 'delivery/template.yaml:89' },
  'delivery/table-update': { memoryMb: 128, source: 'delivery/template.yaml:128' },
  'delivery-pricing/pricing': { memoryMb: 128, source: 'delivery-pricing/template.yaml:38' },
  'payment/validate': { memoryMb: 128, source: 'payment/template.yaml:216' },
  'payment/on-created': { memoryMb: 128, source: 'payment/template.yaml:104' },
  'payment/on-completed': { memoryMb: 128, source: 'payment/template.yaml:69' },
} as const satisfies Readonly<Record<string, PeerFunction>>;

const log = (name: keyof typeof functions, location: string, message: unknown): string => {
  const [service = ''] = name.split('/');
  const functionName = `ecommerce-prod-${name.replace('/', '-')}-0123456789AB`;
  return logLine({ service, functionName, memoryMb: functions[name].memoryMb }, location, message);
};

const metric = (service: string, ...names: readonly string[]): string =>
  metricLine(`ecommerce.${service}`, { environment: 'prod', service }, names);

/** What every function that publishes a stream says: orders/src/table_update/main.py:31 and 59. */
const published = (name: keyof typeof functions, events: number): readonly string[] => [
  log(name, 'handler:59', `Received ${events} event(s)`),
  log(name, 'send_events:31', `Sending ${events} events to EventBridge`),
];

/**
 * An order in the design of aws-serverless-ecommerce-platform, in its stage `prod`, from `createOrder` to the status
 * FULFILLED. Its steps by the names of ours: the warehouse stores a packaging request where ours reserves stock, the
 * order becomes PACKAGED where ours is confirmed, and is delivered where ours is shipped. It counts no stock and sends
 * no mail. Its services payment and payment-3p, which simulates a provider, have no part in what stands without orders.
 *
 * @param lines how many products the order has
 */
export function ecommercePlatform(lines: number): Design {
  const skus = Array.from({ length: lines }, (_, index) => `SKU-${1000 + index}`);
  const parcel = { width: 120, length: 120, height: 110, weight: 450 };
  const name = 'Mug, white, 300 ml';
  // Required by orders/src/create_order/schema.json, and what inject_order_fields adds: main.py:208.
  const order = {
    userId: 'fedcba98-7654-4210-8edc-ba9876543210',
    products: skus.map((productId) => ({ productId, name, package: parcel, price: 1250, quantity: 2 })),
    address: {
      name: 'Alice Example',
      streetAddress: '1 Example Street',
      city: 'Exampleton',
      country: 'DE',
      phoneNumber: '+491234567890',
    },
    deliveryPrice: 0,
    paymentToken: '00112233-4455-4677-8899-aabbccddeeff',
    orderId: ORDER_ID,
    status: 'NEW',
    createdDate: NOW,
    modifiedDate: NOW,
    total: 2500 * lines,
  };
  const stored = skus.map((productId) => ({ orderId: ORDER_ID, productId, quantity: 2 }));
  const metadata = { orderId: ORDER_ID, productId: METADATA, modifiedDate: NOW, status: 'NEW' };
  // on_events replaces the products by the warehouse's items: orders/src/on_events/main.py:61.
  const boxed = [...stored, { ...metadata, status: 'COMPLETED' }];
  const packaged = { ...order, status: 'PACKAGED', products: boxed };
  const fulfilled = { ...packaged, status: 'FULFILLED' };
  const delivery = { orderId: ORDER_ID, isNew: 'true', status: 'NEW', address: order.address };

  const setStatus = (table: string, key: object, status: string, rest = ''): TableRequest['input'] => ({
    TableName: table,
    Key: key,
    UpdateExpression: `SET #status = :status${rest}`,
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':status': status },
  });
  const publishOrder = (step: FunctionWork['step'], ...events: readonly unknown[]): FunctionWork => ({
    step,
    run: 'orders/table-update',
    on: 'stream',
    source: 'orders/template.yaml:170',
    events,
    logged: published('orders/table-update', events.length),
  });

  return {
    title: 'e-commerce platform',
    repository: 'aws-samples/aws-serverless-ecommerce-platform',
    commit: '3b9ef36dd3e338c8ab697c2bcb1b672e064e303c',
    tables: {
      orders: {
        hash: 'orderId',
        indexes: { user: { hash: 'userId', range: 'createdDate' } },
        source: 'orders/template.yaml:67',
      },
      products: {
        hash: 'productId',
        indexes: { category: { hash: 'category', range: 'productId' } },
        source: 'products/template.yaml:49',
      },
      warehouse: {
        hash: 'orderId',
        range: 'productId',
        indexes: {
          product: { hash: 'productId', range: 'orderId' },
          'orderId-new': { hash: 'orderId', range: 'newDate' },
        },
        source: 'warehouse/template.yaml:51',
      },
      delivery: {
        hash: 'orderId',
        indexes: { 'orderId-new': { hash: 'orderId', range: 'isNew' } },
        source: 'delivery/template.yaml:55',
      },
      payment: { hash: 'orderId', source: 'payment/template.yaml:48' },
    },
    items: skus.map((productId) => ({
      table: 'products',
      item: { productId, name, category: 'mugs', package: parcel, price: 1250 },
    })),
    functions,
    life: [
      {
        step: 'placed',
        does: 'createOrder',
        charge: 'graphqlRequests',
        beginsTrace: true,
        source: 'frontend-api/template.yaml:531',
      },
      {
        step: 'placed',
        run: 'orders/create-order',
        on: 'call',
        joinsTrace: true,
        awaits: ['products/validate', 'delivery-pricing/pricing', 'payment/validate'],
        source: 'orders/src/create_order/main.py:171',
        requests: [
          {
            operation: 'PutItem',
            input: { TableName: 'orders', Item: order },
            source: 'orders/src/create_order/main.py:235',
          },
        ],
        logged: [
          log('orders/create-order', 'handler:288', {
            message: `Order ${ORDER_ID} created`,
            orderId: ORDER_ID,
          }),
          metric('orders', 'orderCreated', 'orderCreatedTotal'),
        ],
      },
      {
        step: 'placed',
        run: 'products/validate',
        on: 'rest',
        joinsTrace: true,
        source: 'products/template.yaml:88',
        requests: [
          {
            operation: 'BatchGetItem',
            input: { RequestItems: { products: { Keys: skus.map((productId) => ({ productId })) } } },
            source: 'products/src/validate/main.py:67',
          },
        ],
      },
      {
        step: 'placed',
        beyond: 'delivery prices',
        run: 'delivery-pricing/pricing',
        on: 'rest',
        joinsTrace: true,
        source: 'orders/src/create_order/main.py:173',
      },
      {
        step: 'placed',
        beyond: 'payment',
        run: 'payment/validate',
        on: 'rest',
        joinsTrace: true,
        source: 'orders/src/create_order/main.py:174',
      },
      publishOrder('placed', order),
      {
        step: 'placed',
        beyond: 'payment',
        run: 'payment/on-created',
        on: 'event',
        joinsTrace: true,
        source: 'payment/template.yaml:109',
        requests: [
          {
            operation: 'PutItem',
            input: { TableName: 'payment', Item: { orderId: ORDER_ID, paymentToken: order.paymentToken } },
            source: 'payment/src/on_created/main.py:29',
          },
        ],
        logged: [
          log('payment/on-created', 'handler:45', {
            message: `Received new order ${ORDER_ID}`,
            orderId: ORDER_ID,
            paymentToken: order.paymentToken,
          }),
          metric('payment', 'paymentCreated'),
        ],
      },
      {
        step: 'reserved',
        run: 'warehouse/on-order-events',
        on: 'event',
        joinsTrace: true,
        source: 'warehouse/template.yaml:103',
        requests: [
          {
            operation: 'GetItem',
            input: { TableName: 'warehouse', Key: { orderId: ORDER_ID, productId: METADATA } },
            source: 'warehouse/src/on_order_events/main.py:70',
          },
          {
            operation: 'BatchWriteItem',
            input: { RequestItems: { warehouse: stored.map((Item) => ({ PutRequest: { Item } })) } },
            source: 'warehouse/src/on_order_events/main.py:202',
          },
          {
            operation: 'PutItem',
            input: { TableName: 'warehouse', Item: { ...metadata, newDate: NOW } },
            source: 'warehouse/src/on_order_events/main.py:184',
          },
        ],
        logged: [
          log('warehouse/on-order-events', 'handler:343', {
            message: `Received event OrderCreated for order id(s) ${ORDER_ID}`,
            orderId: ORDER_ID,
            eventType: 'OrderCreated',
          }),
          log('warehouse/on-order-events', 'on_order_created:254', {
            message: `Saving new packaging request for order ${ORDER_ID}`,
            orderId: ORDER_ID,
          }),
          log('warehouse/on-order-events', 'save_products:193', {
            message: `Writing ${lines} products for order ${ORDER_ID}`,
            operation: 'put',
            orderId: ORDER_ID,
            productCount: lines,
          }),
        ],
      },
      {
        step: 'reserved',
        // One batch: the items and their metadata are written within 20 ms. It publishes none of them.
        run: 'warehouse/table-update',
        on: 'stream',
        source: 'warehouse/src/table_update/main.py:62',
        logged: published('warehouse/table-update', 0),
      },
      {
        step: 'confirmed',
        beyond: 'work in progress',
        does: 'startPackaging',
        charge: 'graphqlRequests',
        beginsTrace: true,
        source: 'frontend-api/template.yaml:779',
        requests: [
          {
            operation: 'UpdateItem',
            input: setStatus(
              'warehouse',
              { orderId: ORDER_ID, productId: METADATA },
              'IN_PROGRESS',
              ' REMOVE newDate',
            ),
            source: 'frontend-api/template.yaml:796',
          },
        ],
      },
      {
        step: 'confirmed',
        beyond: 'work in progress',
        run: 'warehouse/table-update',
        on: 'stream',
        source: 'warehouse/src/table_update/main.py:62',
        logged: published('warehouse/table-update', 0),
      },
      {
        step: 'confirmed',
        does: 'completePackaging',
        charge: 'graphqlRequests',
        beginsTrace: true,
        source: 'frontend-api/template.yaml:823',
        requests: [
          {
            operation: 'UpdateItem',
            input: setStatus('warehouse', { orderId: ORDER_ID, productId: METADATA }, 'COMPLETED'),
            source: 'frontend-api/template.yaml:840',
          },
        ],
      },
      {
        step: 'confirmed',
        run: 'warehouse/table-update',
        on: 'stream',
        source: 'warehouse/template.yaml:141',
        requests: [
          {
            operation: 'Query',
            input: {
              TableName: 'warehouse',
              KeyConditionExpression: 'orderId = :orderId',
              ExpressionAttributeValues: { ':orderId': ORDER_ID },
              Limit: 100,
            },
            source: 'warehouse/src/table_update/main.py:99',
          },
        ],
        events: [{ orderId: ORDER_ID, products: boxed }],
        logged: [
          log('warehouse/table-update', 'get_products:103', {
            message: `Retrieving ${boxed.length} products from order ${ORDER_ID}`,
            operation: 'query',
            orderId: ORDER_ID,
          }),
          ...published('warehouse/table-update', 1),
          metric('warehouse', 'packageCreated'),
        ],
      },
      {
        step: 'confirmed',
        run: 'orders/on-events',
        on: 'event',
        joinsTrace: true,
        source: 'orders/template.yaml:221',
        requests: [
          {
            operation: 'GetItem',
            input: { TableName: 'orders', Key: { orderId: ORDER_ID } },
            source: 'orders/src/on_events/main.py:50',
          },
          {
            operation: 'UpdateItem',
            input: {
              TableName: 'orders',
              Key: { orderId: ORDER_ID },
              UpdateExpression: 'set #s = :s, #p = :p',
              ExpressionAttributeNames: { '#s': 'status', '#p': 'products' },
              ExpressionAttributeValues: { ':s': 'PACKAGED', ':p': boxed },
            },
            source: 'orders/src/on_events/main.py:64',
          },
        ],
        logged: orderEvent('PackageCreated', 'warehouse', 'PACKAGED', 'orderPackaged'),
      },
      publishOrder('confirmed', { new: packaged, old: order, changed: ['status', 'products'] }),
      {
        step: 'confirmed',
        // The products have changed, so the warehouse hears of its own work and drops it.
        run: 'warehouse/on-order-events',
        on: 'event',
        joinsTrace: true,
        source: 'warehouse/template.yaml:113',
        requests: [
          {
            operation: 'GetItem',
            input: { TableName: 'warehouse', Key: { orderId: ORDER_ID, productId: METADATA } },
            source: 'warehouse/src/on_order_events/main.py:70',
          },
        ],
        logged: [
          log('warehouse/on-order-events', 'handler:343', {
            message: `Received event OrderModified for order id(s) ${ORDER_ID}`,
            orderId: ORDER_ID,
            eventType: 'OrderModified',
          }),
          log('warehouse/on-order-events', 'on_order_modified:290', {
            message: `Will not save changes: latest state for order ${ORDER_ID} is already in the database`,
            metadata: { ...metadata, status: 'COMPLETED' },
            orderId: ORDER_ID,
          }),
        ],
      },
      {
        step: 'shipped',
        run: 'delivery/on-package-created',
        on: 'event',
        joinsTrace: true,
        awaits: ['orders/get-order'],
        source: 'delivery/template.yaml:94',
        requests: [
          {
            operation: 'GetItem',
            input: { TableName: 'delivery', Key: { orderId: ORDER_ID } },
            source: 'delivery/src/on_package_created/main.py:77',
          },
          {
            operation: 'PutItem',
            input: { TableName: 'delivery', Item: delivery },
            source: 'delivery/src/on_package_created/main.py:89',
          },
        ],
        logged: [
          log('delivery/on-package-created', 'get_order:63', {
            message: `Retrieved order ${ORDER_ID} from Orders service`,
            orderId: ORDER_ID,
            order: packaged,
          }),
          metric('delivery', 'deliveryCreated'),
        ],
      },
      {
        step: 'shipped',
        run: 'orders/get-order',
        on: 'rest',
        joinsTrace: true,
        source: 'delivery/src/on_package_created/main.py:50',
        requests: [
          {
            operation: 'GetItem',
            input: { TableName: 'orders', Key: { orderId: ORDER_ID } },
            source: 'orders/src/get_order/main.py:31',
          },
        ],
        logged: [
          log('orders/get-order', 'handler:61', {
            message: 'Received get order from IAM user',
            userArn: 'arn:aws:sts::123456789012:assumed-role/ecommerce-prod-delivery/OnPackageCreated',
          }),
        ],
      },
      {
        step: 'shipped',
        // It publishes nothing of a new delivery.
        run: 'delivery/table-update',
        on: 'stream',
        source: 'delivery/src/table_update/main.py:76',
        logged: published('delivery/table-update', 0).slice(0, 1),
      },
      {
        step: 'shipped',
        beyond: 'work in progress',
        does: 'startDelivery',
        charge: 'graphqlRequests',
        beginsTrace: true,
        source: 'frontend-api/template.yaml:211',
        requests: [
          {
            operation: 'UpdateItem',
            input: setStatus('delivery', { orderId: ORDER_ID }, 'IN_PROGRESS', ' REMOVE isNew'),
            source: 'frontend-api/template.yaml:227',
          },
        ],
      },
      {
        step: 'shipped',
        beyond: 'work in progress',
        run: 'delivery/table-update',
        on: 'stream',
        source: 'delivery/src/table_update/main.py:121',
        logged: published('delivery/table-update', 0).slice(0, 1),
      },
      {
        step: 'shipped',
        does: 'completeDelivery',
        charge: 'graphqlRequests',
        beginsTrace: true,
        source: 'frontend-api/template.yaml:296',
        requests: [
          {
            operation: 'UpdateItem',
            input: setStatus('delivery', { orderId: ORDER_ID }, 'COMPLETED'),
            source: 'frontend-api/template.yaml:312',
          },
        ],
      },
      {
        step: 'shipped',
        run: 'delivery/table-update',
        on: 'stream',
        source: 'delivery/template.yaml:128',
        events: [{ orderId: ORDER_ID, address: order.address }],
        logged: [
          log('delivery/table-update', 'process_record:112', {
            message: 'Delivery completed',
            record: { eventName: 'MODIFY', dynamodb: { OldImage: delivery, NewImage: delivery } },
          }),
          ...published('delivery/table-update', 1),
          metric('delivery', 'deliveryCompleted'),
        ],
      },
      {
        step: 'shipped',
        run: 'orders/on-events',
        on: 'event',
        joinsTrace: true,
        source: 'orders/template.yaml:212',
        requests: [
          {
            operation: 'UpdateItem',
            input: setStatus('orders', { orderId: ORDER_ID }, 'FULFILLED'),
            source: 'orders/src/on_events/main.py:64',
          },
        ],
        logged: orderEvent('DeliveryCompleted', 'delivery', 'FULFILLED', 'orderFulfilled'),
      },
      publishOrder('shipped', { new: fulfilled, old: packaged, changed: ['status'] }),
      {
        step: 'shipped',
        beyond: 'payment',
        run: 'payment/on-completed',
        on: 'event',
        joinsTrace: true,
        source: 'payment/template.yaml:74',
        requests: [
          {
            operation: 'GetItem',
            input: { TableName: 'payment', Key: { orderId: ORDER_ID } },
            source: 'payment/src/on_completed/main.py:31',
          },
          {
            operation: 'DeleteItem',
            input: { TableName: 'payment', Key: { orderId: ORDER_ID } },
            source: 'payment/src/on_completed/main.py:44',
          },
        ],
        logged: [
          log('payment/on-completed', 'handler:73', {
            message: `Received completed order ${ORDER_ID}`,
            orderId: ORDER_ID,
          }),
          metric('payment', 'paymentProcessed'),
        ],
      },
    ],
    standing: [
      { alarmMetrics: 2, source: 'orders/template.yaml:698' },
      { alarmMetrics: 1, source: 'orders/template.yaml:736' },
      { alarmMetrics: 1, source: 'orders/template.yaml:756' },
      { alarmMetrics: 2, source: 'orders/template.yaml:776' },
      { alarmMetrics: 4, source: 'orders/template.yaml:814' },
      { alarmMetrics: 4, source: 'orders/template.yaml:874' },
      { alarmMetrics: 1, source: 'orders/template.yaml:934' },
      { alarmMetrics: 1, source: 'orders/template.yaml:954' },
      // Anomaly detection: the metric and the two of its band. https://aws.amazon.com/cloudwatch/pricing/
      { alarmMetrics: 3, source: 'orders/template.yaml:986' },
      // Of a dead letter queue: shared/templates/dlq.yaml:22.
      { alarmMetrics: 1, source: 'orders/template.yaml:297' },
      { alarmMetrics: 1, source: 'products/template.yaml:179' },
      { alarmMetrics: 1, source: 'warehouse/template.yaml:189' },
      { alarmMetrics: 1, source: 'delivery/template.yaml:172' },
      { alarmMetrics: 1, source: 'platform/template.yaml:341' },
      { dashboards: 1, source: 'orders/template.yaml:304' },
      { dashboards: 1, source: 'warehouse/template.yaml:195' },
      { dashboards: 1, source: 'delivery/template.yaml:178' },
    ],
    observed: {
      traced: 'orders/template.yaml:50',
      lambdaInsights: 'orders/template.yaml:60',
      archive: 'platform/template.yaml:62',
    },
  };
}

/** orders/src/on_events/main.py:33, 85 and 131 */
const orderEvent = (type: string, from: string, status: string, counted: string): readonly string[] => [
  log('orders/on-events', 'handler:85', {
    message: `Got event of type ${type} from ecommerce.${from} for order ${ORDER_ID}`,
    source: `ecommerce.${from}`,
    eventType: type,
    orderId: ORDER_ID,
  }),
  log('orders/on-events', 'update_order:33', {
    message: `Update status for order ${ORDER_ID} to ${status}`,
    orderId: ORDER_ID,
    status,
  }),
  metric('orders', counted),
];
