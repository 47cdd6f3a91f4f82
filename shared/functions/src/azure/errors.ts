export * from '../portable/errors.ts';
