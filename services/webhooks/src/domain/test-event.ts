import type { CloudEvent, EndpointId } from '@orderly/contracts';

/** An event that no topic has: its owner has asked for it, to see whether the endpoint works. */
export function testEvent(
  endpointId: EndpointId,
  id: string,
  correlationid: string,
  at: Date,
): Omit<CloudEvent, 'dataschema'> {
  return {
    specversion: '1.0',
    id,
    source: 'orderly/webhooks',
    type: 'orderly.webhook-endpoint.tested.v1',
    subject: endpointId,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    sequence: 1,
    correlationid,
    causationid: correlationid,
    data: { endpointId },
  };
}
