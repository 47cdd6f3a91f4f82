/**
 * Preloaded (`NODE_OPTIONS=--require`) into the services under test: writes down, once each, what every function asks of
 * DynamoDB and SQS, as `<service>/<function> <IAM action> <resource>`, names without the stage.
 */
const { appendFileSync } = require('node:fs');
const { preloadFunctions } = require('../../../tools/local/preload-functions.cjs');
const { permissionsFor, recordFile } = require('./permissions-for.cjs');

function recordCalls() {
  const { AWS_LAMBDA_FUNCTION_NAME, POWERTOOLS_SERVICE_NAME: service, STAGE } = process.env;
  const name = AWS_LAMBDA_FUNCTION_NAME.replace(`${service}-${STAGE}-`, `${service}/`);
  const seen = new Set();
  const { ClientRequest } = require('node:http');
  const { end } = ClientRequest.prototype;
  ClientRequest.prototype.end = function recorded(body, ...rest) {
    const target = this.getHeader('x-amz-target');
    if (target !== undefined) {
      for (const [action, resource] of permissionsFor(String(target), JSON.parse(String(body)))) {
        const line = `${name} ${action} ${resource.replace(`${STAGE}-`, '')}`;
        if (!seen.has(line)) appendFileSync(recordFile, `${line}\n`);
        seen.add(line);
      }
    }
    return end.call(this, body, ...rest);
  };
}

preloadFunctions(__filename, recordCalls);
