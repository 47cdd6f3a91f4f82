import { resolve } from 'node:path';
import { checkReleased } from '../../../tools/codegen/contracts/gate.ts';

it('no released revision of any event is broken by the working contracts', () => {
  const report = checkReleased(resolve(__dirname, '../../..'));

  if (report !== undefined) throw new Error(report);
});
