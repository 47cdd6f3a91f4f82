import { incidentKinds, planIncidents } from '../src/clouds/plan-incidents.ts';

const services = ['orders', 'inventory', 'notifications', 'webhooks'];

it('plans the same incidents in the same order for a seed, and others for another', () => {
  expect(planIncidents(7, 500)).toEqual(planIncidents(7, 500));
  expect(planIncidents(7, 500)).not.toEqual(planIncidents(8, 500));
});

it.each([1, 2, 3, 4, 5])('kills every service and breaks everything else in 60 orders (seed %i)', (seed) => {
  const planned = planIncidents(seed, 60);

  expect(new Set(planned.map(({ kind }) => kind))).toEqual(new Set(incidentKinds));
  const killed = planned.filter(({ kind }) => kind.startsWith('killed')).map(({ service }) => service);
  expect(killed.sort()).toEqual([...services].sort());
});

it('spreads the incidents over the orders, each before one that comes', () => {
  const places = planIncidents(7, 500).map(({ at }) => at);

  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(new Set(places).size).toBe(places.length);
  expect(places.at(0)).toBeGreaterThanOrEqual(0);
  expect(places.at(-1)).toBeGreaterThan(480);
  expect(places.at(-1)).toBeLessThan(500);
});

it('sends poison once', () => {
  expect(planIncidents(7, 5_000).filter(({ kind }) => kind === 'poison')).toHaveLength(1);
});
