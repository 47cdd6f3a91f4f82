import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runFramework } from '@orderly/local/framework';
import type { Template } from '@orderly/local/packages';

/** What differs from one small service to another. */
interface Shop {
  readonly settings?: object;
  readonly functions: Readonly<Record<string, object>>;
}

const edge = { readRate: 100, readBurst: 200, writeRate: '50', writeBurst: '75', corsOrigins: '' };

/** As the framework resolves `custom.settings`, see settings.yml. */
export const settings = {
  deployment: 'AllAtOnce',
  kmsKey: '',
  alarmTopic: '',
  permissionsBoundary: '',
  data: { deletionPolicy: 'Delete', deletionProtection: false },
  edge,
};

/** Packages small services with the real framework and our plugin. @returns the resources of each template */
export async function packageShops(shops: readonly Shop[]): Promise<readonly Template['Resources'][]> {
  // Within the repository, where the framework finds its plugins.
  const orderly = resolve(__dirname, '../../../.orderly');
  mkdirSync(orderly, { recursive: true });
  const folders = shops.map((shop) => {
    const folder = mkdtempSync(join(orderly, 'shop-'));
    const entries = Object.entries(shop.functions);
    const config = {
      service: 'shop',
      frameworkVersion: '4',
      plugins: ['serverless-iam-roles-per-function', '@orderly/serverless'],
      provider: { name: 'aws', runtime: 'nodejs24.x', region: 'eu-central-1' },
      custom: { settings: { ...settings, ...shop.settings } },
      functions: Object.fromEntries(
        entries.map(([name, fn]) => [name, { handler: 'handler.run', iamRoleStatements: [], ...fn }]),
      ),
    };
    writeFileSync(join(folder, 'serverless.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'handler.js'), 'exports.run = async () => ({ statusCode: 200 });\n');
    return folder;
  });
  try {
    const results = await runFramework(folders.map((cwd) => ({ cwd, argv: ['package'] })));
    return results.map(({ code, stdout, stderr }, index) => {
      if (code !== 0) throw new Error(`A shop is not packaged:\n${stdout}${stderr}`);
      const file = join(folders[index] ?? '', '.serverless/cloudformation-template-update-stack.json');
      return JSON.parse(readFileSync(file, 'utf8')).Resources;
    });
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}
