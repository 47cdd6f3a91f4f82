export { served } from '../portable/handlers.ts';
