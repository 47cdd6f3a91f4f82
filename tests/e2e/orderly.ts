import * as support from '@orderly/support/orderly';
import { isDeployed, platform } from './platform.ts';

/** The options that name the platform under test: a local one is found by its stage, as a user's is. */
const underTest = () => ['--stage', platform().stage, ...(isDeployed() ? ['--aws'] : [])];

/** Runs a command line of `orderly` on the platform under test; the tests of the runbooks start the program. */
export const orderly = (...args: readonly string[]) => support.orderly(...underTest(), ...args);

/** Runs it with `--json`. @returns what it printed; the caller says what that is @throws Error unless it ends with 0 */
export const orderlyJson = <T>(...args: readonly string[]) => support.orderlyJson<T>(...underTest(), ...args);
