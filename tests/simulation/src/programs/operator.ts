export { main } from '@orderly/cli/main';
