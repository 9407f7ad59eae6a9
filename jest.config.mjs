/** Native ESM: `.ts` files are imported by their own names, so no module mapping is needed. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/examples/', '/test/applications/[^/]+/', '/.cutover/'],
  modulePathIgnorePatterns: ['<rootDir>/.cutover/', '<rootDir>/examples/.*/dist/'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 60_000,
  // Most tests start servers of their own beside the shared ones: two at a time on two cores only wait for each other.
  maxWorkers: 1,
};
