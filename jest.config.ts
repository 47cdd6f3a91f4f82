/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os';
import type { Config } from 'jest';
import { pathsToModuleNameMapper } from 'ts-jest';
import { leftOut } from './tests/e2e/cloud.ts';
import { compilerOptions } from './tsconfig.json';

type Project = NonNullable<Exclude<NonNullable<Config['projects']>[number], string>>;

/** Options of ts-jest. */
const compiled = { tsconfig: { module: 'CommonJS', moduleResolution: 'bundler' } };

const project = (displayName: string, more: Partial<Project>): Project => ({
  displayName,
  testEnvironment: 'node',
  transform: { '\\.ts$': ['<rootDir>/tests/support/jest/compile-once.cjs', compiled] },
  moduleNameMapper: pathsToModuleNameMapper(compilerOptions.paths, { prefix: '<rootDir>' }),
  // The examples are projects of their own, with their own tests, and templates are not code yet.
  modulePathIgnorePatterns: [
    '\\.esbuild',
    '\\.serverless',
    '/dist/',
    '<rootDir>/examples/',
    '<rootDir>/tools/new/templates/',
  ],
  ...more,
});

// No test fails because the machine is busy: the clients of functions wait longer than in Lambda.
const beforeEachFile = [
  '<rootDir>/tests/support/jest/end-async-contexts.ts',
  '<rootDir>/tests/support/jest/function-environment.ts',
  '<rootDir>/tests/support/jest/patient-clients.ts',
];

const config: Config = {
  // For whole platforms that start and stop, on a busy machine; what hangs still fails. Tests set no shorter ones.
  testTimeout: 300_000,
  // Jest leaves a core to others, and so would use one of two.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  projects: [
    project('unit', {
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['\\.integration\\.test\\.ts$'],
      setupFilesAfterEnv: beforeEachFile,
    }),
    project('integration', {
      testMatch: ['**/*.integration.test.ts'],
      setupFilesAfterEnv: beforeEachFile,
      globalSetup: '<rootDir>/tests/support/jest/start-emulators.ts',
      globalTeardown: '<rootDir>/tests/support/jest/stop-emulators.ts',
    }),
    project('e2e', {
      testMatch: ['<rootDir>/tests/e2e/**/*.e2e.ts'],
      testPathIgnorePatterns: [
        // See tests/e2e/cloud.ts.
        ...leftOut(),
        // Those kill services, or run what only a checkout has.
        ...(process.env.ORDERLY_E2E_STAGE ? ['\\.local\\.e2e\\.ts$'] : []),
        // The tour is of the open platform, and the authorization matrix has a platform of its own.
        ...(process.env.ORDERLY_E2E_AUTH ? ['/(tour|authorization)\\.local\\.e2e\\.ts$'] : []),
      ],
      globalSetup: '<rootDir>/tests/e2e/jest/start-platform.ts',
      globalTeardown: '<rootDir>/tests/e2e/jest/stop-platform.ts',
    }),
    project('faults', {
      testMatch: ['<rootDir>/tests/faults/**/*.e2e.ts'],
      testPathIgnorePatterns: ['\\.clouds\\.e2e\\.ts$'],
    }),
    project('clouds', { testMatch: ['<rootDir>/tests/faults/**/*.clouds.e2e.ts'] }),
  ],
  coverageThreshold: { global: { lines: 95, branches: 95 } },
  collectCoverageFrom: [
    'shared/*/src/**/*.ts',
    // The adapters and functions are covered by the integration and e2e tests.
    'services/*/src/{domain,api}/*.ts',
  ],
};

export default config;
