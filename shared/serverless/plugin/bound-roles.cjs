/**
 * Gives every role of a stack its stage as its path, and the stage's permissions boundary (`permissionsBoundary`, an ARN)
 * where it has one. So whoever deploys a stage can give no role more than the boundary allows, and cannot touch the roles
 * of another stage: tools/release/deploy-role.yml.
 */
const boundRoles = ({ service, classes }) => ({
  'after:aws:package:finalize:mergeCustomProviderResources': () => {
    const { permissionsBoundary } = service.custom.settings;
    if (permissionsBoundary !== '' && !isPolicy(permissionsBoundary)) {
      throw new classes.Error(
        `The parameter permissionsBoundary is the ARN of an IAM policy or empty, not "${permissionsBoundary}"`,
      );
    }
    const { Resources } = service.provider.compiledCloudFormationTemplate;
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::IAM::Role') continue;
      Properties.Path = `/orderly/${service.provider.stage}/`;
      if (permissionsBoundary !== '') Properties.PermissionsBoundary = permissionsBoundary;
    }
  },
});

const isPolicy = (arn) => /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(arn);

module.exports = boundRoles;
