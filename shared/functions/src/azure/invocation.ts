export { invocationAttributes, invocationKeys } from '../portable/invocation.ts';
