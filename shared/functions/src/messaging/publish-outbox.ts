export { publishOutbox } from '#cloud/publish-outbox';
