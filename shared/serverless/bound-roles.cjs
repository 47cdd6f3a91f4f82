/**
 * Serverless plugin: the roles of a stack have their stage as their path, and its boundary (`custom.permissionsBoundary`, an ARN)
 * where it has one. So who may deploy one stage gives no role more than the boundary, and touches none of another stage:
 * tools/release/deploy-role.yml.
 */
class BoundRoles {
  constructor({ service, classes }) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { permissionsBoundary } = service.custom;
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
    };
  }
}

const isPolicy = (arn) => /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(arn);

module.exports = BoundRoles;
