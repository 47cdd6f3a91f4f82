/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

type Project = NonNullable<Exclude<NonNullable<Config['projects']>[number], string>>;

const project = (displayName: string, more: Partial<Project>): Project => ({
  displayName,
  testEnvironment: 'node',
  transform: { '\\.ts$': ['ts-jest', { tsconfig: { module: 'CommonJS', moduleResolution: 'bundler' } }] },
  modulePathIgnorePatterns: ['\\.esbuild', '\\.serverless'],
  ...more,
});

const config: Config = {
  projects: [
    project('unit', {
      testMatch: ['**/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.integration\\.test\\.ts$'],
    }),
    project('integration', { testMatch: ['**/test/**/*.integration.test.ts'] }),
    project('e2e', { testMatch: ['<rootDir>/e2e/**/*.e2e.ts'] }),
  ],
};

export default config;
