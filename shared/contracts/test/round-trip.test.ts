import fc from 'fast-check';
import { contractOf } from '../../../tools/codegen/contracts/contract.ts';
import { eventDefinitions, readEvent } from '../src/index.ts';
import { instancesOf } from './instances.ts';

describe('any valid event survives JSON and readEvent unchanged', () => {
  it.each(eventDefinitions.map((definition) => ({ definition, name: definition.name })))(
    '$name',
    ({ definition }) => {
      const reaction = { definition };

      fc.assert(
        fc.property(instancesOf(contractOf(definition).schema), (event) => {
          const read = readEvent(JSON.stringify(event), new Map([[definition.type, reaction]]));

          expect(read).toEqual({ outcome: 'event', event, reaction });
        }),
        { numRuns: 40 },
      );
    },
  );
});
