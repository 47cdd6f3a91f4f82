import type { ServicePlan } from '../service-plan.ts';
import { type Files, manifestOf } from './manifest.ts';

/** The file with the function. */
export const googleBundle = 'index.js';

/** https://cloud.google.com/run/docs/deploy-functions#gcloudignore; a build installs what package-lock.json lists. */
const ignored = ['.git*', '.gcloudignore', 'node_modules', ''].join('\n');

/** The files of the source folder of one function, except its bundle. Its entry point is the function's name. */
export async function googleFunction({ name: service }: ServicePlan, name: string): Promise<Files> {
  return {
    ...(await manifestOf('google', `orderly-${service}-${name}`, googleBundle)),
    '.gcloudignore': ignored,
  };
}
