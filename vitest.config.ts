import { defineConfig } from 'vitest/config';

// Long tests (kill -9 trials, soak, large volumes) run by `npm run test:long` only.
const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';
// The browser tests run against the built server, after the others and one file at a time.
const withEndToEnd = process.env.NEGATOSCOPE_E2E === '1';
const never = ['**/node_modules/**', '**/dist/**', ...(isLong ? [] : ['**/*.long.test.ts'])];

export default defineConfig({
  test: {
    // Two cores are what the smallest machine has; more workers make timing tests lie there.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'packages',
          include: ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: never,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'server',
          include: ['apps/server/{src,test,sql-types}/**/*.test.ts'],
          exclude: never,
          globalSetup: ['apps/server/test/support/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'web',
          include: ['apps/web/src/**/*.test.{ts,tsx}'],
          exclude: never,
          testTimeout: 30_000,
        },
      },
      ...(withEndToEnd
        ? [
            {
              test: {
                name: 'e2e',
                include: ['e2e/**/*.e2e.ts'],
                exclude: never,
                fileParallelism: false,
                testTimeout: 120_000,
                hookTimeout: 120_000,
              },
            },
          ]
        : []),
    ],
  },
});
