import { FILTER_BYTES } from './pubsub/limits.ts';

/**
 * The filter of a subscription to some types of a topic's events, by the attribute `type`. A filter has 256 bytes at most:
 * where that is too little, or nothing is left out, there is none, and the function acknowledges events of other types.
 *
 * @param all the types of the topic
 */
export const eventFilter = (types: readonly string[], all: readonly string[]): string => {
  if (all.every((type) => types.includes(type))) return '';
  const filter = types.map((type) => `attributes.type = "${type}"`).join(' OR ');
  return Buffer.byteLength(filter) > FILTER_BYTES ? '' : filter;
};
