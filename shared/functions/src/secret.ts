export { generatedSecret, parameterSecret } from '#cloud/secret';
export { knownSecret, type Secret } from './read-once.ts';
