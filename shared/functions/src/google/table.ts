export * from '../portable/table.ts';
