const { readFileSync, writeFileSync } = require('node:fs');
const { unzipSync, zipSync } = require('fflate');

/**
 * Serverless plugin: packs every function's zip again at the highest compression (serverless-esbuild uses the
 * lowest), about a tenth smaller, and with a fixed date, so that the same code is the same file.
 */
class CompressPackages {
  constructor(serverless) {
    this.hooks = {
      'after:package:createDeploymentArtifacts': () => {
        for (const name of serverless.service.getAllFunctions()) {
          const artifact = serverless.service.getFunction(name).package?.artifact;
          if (artifact) compress(artifact);
        }
      },
    };
  }
}

function compress(artifact) {
  const files = unzipSync(readFileSync(artifact));
  // 1980 is the earliest date that a zip can hold.
  writeFileSync(artifact, zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) }));
}

module.exports = CompressPackages;
