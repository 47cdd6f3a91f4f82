import { disable, isSameRegistration, revise, rotateSecret, wants } from '../src/domain/endpoint.ts';
import { after, anEndpoint, noon } from './builders.ts';

const later = after(60_000);

describe('an endpoint', () => {
  it('gets the events that it names, while it is ENABLED', () => {
    const endpoint = anEndpoint({ events: ['OrderPlaced'] });

    expect(wants(endpoint, 'orderly.order.placed.v1')).toBe(true);
    expect(wants(endpoint, 'orderly.order.shipped.v1')).toBe(false);
    expect(wants({ ...endpoint, status: 'DISABLED' }, 'orderly.order.placed.v1')).toBe(false);
  });

  it('is changed in what the owner names, and in nothing else', () => {
    const endpoint = anEndpoint({ description: 'Billing' });

    expect(revise(endpoint, { events: ['OrderShipped', 'OrderShipped'] }, later)).toEqual({
      outcome: 'changed',
      endpoint: { ...endpoint, events: ['OrderShipped'], version: 2 },
      events: [],
    });
  });

  it('is unchanged by what it has already', () => {
    const endpoint = anEndpoint();
    const { url, events } = endpoint;

    expect(revise(endpoint, { url, events, status: 'ENABLED' }, later)).toEqual({
      outcome: 'unchanged',
      endpoint,
    });
    expect(isSameRegistration(endpoint, { url, events })).toBe(true);
    expect(isSameRegistration(endpoint, { url, events: ['OrderShipped'] })).toBe(false);
  });

  it('is disabled and enabled by its owner, which no event tells', () => {
    const off = revise(anEndpoint(), { status: 'DISABLED' }, later);
    const on = revise(off.endpoint, { status: 'ENABLED' }, after(120_000));

    expect(off).toMatchObject({
      endpoint: { status: 'DISABLED', disabledReason: 'OWNER', disabledAt: later.toISOString() },
      events: [],
    });
    expect(on.endpoint).toEqual({
      ...anEndpoint({ endpointId: off.endpoint.endpointId }),
      version: 3,
      enabledAt: after(120_000).toISOString(),
    });
  });

  it('that is disabled for a reason tells its owner by an event, once', () => {
    const endpoint = anEndpoint({ url: 'https://hooks.example.com:8443/secret/path' });
    const { endpointId } = endpoint;

    const outcome = disable(endpoint, 'GONE', noon.toISOString(), later);

    expect(outcome).toMatchObject({
      outcome: 'changed',
      endpoint: { status: 'DISABLED', disabledReason: 'GONE', version: 2 },
      events: [
        {
          type: 'orderly.webhook-endpoint.disabled.v1',
          data: {
            ...{ endpointId, tenant: 'billing', host: 'hooks.example.com:8443', reason: 'GONE' },
            ...{ failingSince: noon.toISOString(), disabledAt: later.toISOString() },
          },
        },
      ],
    });
    expect(disable(outcome.endpoint, 'FAILING', noon.toISOString(), later).outcome).toBe('unchanged');
  });

  it('keeps the secret before the present one for a day, and at most five in all', () => {
    let { endpoint } = rotateSecret(anEndpoint(), { sealed: 'second' }, noon);
    expect(endpoint.secrets).toEqual([
      { sealed: 'second' },
      { sealed: 'first', expiresAt: after(24 * 60 * 60 * 1000).toISOString() },
    ]);

    ({ endpoint } = rotateSecret(endpoint, { sealed: 'third' }, after(25 * 60 * 60 * 1000)));
    expect(endpoint.secrets.map(({ sealed }) => sealed)).toEqual(['third', 'second']);

    for (const sealed of ['4', '5', '6', '7']) {
      ({ endpoint } = rotateSecret(endpoint, { sealed }, after(25 * 60 * 60 * 1000)));
    }
    expect(endpoint.secrets.map(({ sealed }) => sealed)).toEqual(['7', '6', '5', '4', 'third']);
  });
});
