import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { reasonsToDeploy } from './affected.ts';
import { changedSince } from './changes.ts';
import { releasedCommit } from './released-commit.ts';
import { readServices, type Service } from './services.ts';

/** A service, and why a release has to deploy it or need not. */
export interface Planned {
  readonly service: string;
  readonly deploy: boolean;
  readonly because: string;
}

/**
 * What it takes to bring a stage to the commit that is checked out in `root`: each service is compared with what was
 * last released of it, whether or not the releases in between succeeded.
 */
export async function planRelease(
  root: string,
  stage: string,
  cloudformation: CloudFormationClient,
): Promise<readonly Planned[]> {
  return Promise.all(
    readServices(root).map(async (service) => {
      const commit = await releasedCommit(cloudformation, service.name, stage);
      return { service: service.name, ...compare(root, service, commit) };
    }),
  );
}

function compare(root: string, service: Service, commit: string | undefined): Omit<Planned, 'service'> {
  if (commit === undefined) return { deploy: true, because: 'no pipeline has released it' };
  const files = changedSince(root, commit);
  if (!files) return { deploy: true, because: `released from ${commit}, which is not in this repository` };
  const [first, ...others] = reasonsToDeploy(service, files);
  if (first === undefined) return { deploy: false, because: `unchanged since ${commit}` };
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return { deploy: true, because: `${first}${more} changed since ${commit}` };
}
