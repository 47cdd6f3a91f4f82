const { readFile, writeFile } = require('node:fs/promises');
const JSZip = require('jszip');

/**
 * Serverless plugin: packs every function's zip again at the highest compression (serverless-esbuild uses the
 * lowest), about a tenth smaller, and with a fixed date, so that the same code is the same file.
 */
class CompressPackages {
  constructor(serverless) {
    this.hooks = {
      'after:package:createDeploymentArtifacts': async () => {
        for (const name of serverless.service.getAllFunctions()) {
          const artifact = serverless.service.getFunction(name).package?.artifact;
          if (artifact) await compress(artifact);
        }
      },
    };
  }
}

async function compress(artifact) {
  const zip = await JSZip.loadAsync(await readFile(artifact));
  // 1980 is the earliest date that a zip can hold.
  for (const file of Object.values(zip.files)) file.date = new Date(Date.UTC(1980, 0, 1));
  const options = { type: 'nodebuffer', platform: 'UNIX', compression: 'DEFLATE' };
  await writeFile(artifact, await zip.generateAsync({ ...options, compressionOptions: { level: 9 } }));
}

module.exports = CompressPackages;
