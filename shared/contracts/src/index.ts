export * from './event.ts';
export * from './inventory-events.ts';
export * from './money.ts';
export * from './notification-events.ts';
export * from './order-events.ts';
export * from './parse.ts';
export * from './values.ts';
