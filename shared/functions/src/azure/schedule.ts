export { scheduled } from '../portable/handlers.ts';
