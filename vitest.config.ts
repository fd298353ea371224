import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Long tests (kill -9 trials, soak, large volumes) run by `npm run test:long` only.
const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';
// The browser tests run against the built server, after the others; two at a time, since each waits now and then.
const withEndToEnd = process.env.NEGATOSCOPE_E2E === '1';
const never = ['**/node_modules/**', '**/dist/**', ...(isLong ? [] : ['**/*.long.test.ts'])];

/** Test files that replace modules, or load them anew: found by the calls that do it. */
function replacingModules(...folders: string[]): string[] {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.posix.join(folder, name)))
    .filter((file) => /\.test\.tsx?$/.test(file))
    .filter((file) => /\bvi\.(?:mock|doMock|resetModules)\(/.test(readFileSync(file, 'utf8')));
}

// Importing the server takes two seconds of a core: the files of one worker share what they import. Those that replace modules share nothing.
const shared = { isolate: false, unstubGlobals: true } as const;
const alone = replacingModules('apps/server/src', 'apps/server/test', 'apps/server/sql-types', 'apps/web/src');

/** What takes longest, so that no worker is left alone with it at the end. */
const LONGEST = [
  ...['transcoding', 'filling-disk', 'enhanced', 'blind-imports', 'memory', 'stow', 'pseudonyms', 'orthanc', 'frames'],
  ...['embedded', 'imports', 'rendered', 'moves', 'pixel-matrix', 'screens', 'page-pictures', 'accepted-imports'],
  ...['silent-connections', 'small-things', 'ohif-work', 'ohif', 'documents', 'wrong-patient', 'cornerstone-loader'],
  ...['annotations', 'kept-files'],
];
const isLongest = ({ moduleId }: TestSpecification): boolean => LONGEST.includes(path.basename(moduleId).split('.')[0] ?? '');

class LongestFirst extends BaseSequencer {
  /** The projects stay one after the other: their workers can't be shared. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    const placeOf = (file: TestSpecification): number => 2 * projects.indexOf(file.project.name) + (isLongest(file) ? 0 : 1);
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Two cores are what the smallest machine has; more workers make timing tests lie there.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'packages',
          include: ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: never,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'server',
          include: ['apps/server/{src,test,sql-types}/**/*.test.ts'],
          exclude: [...never, ...alone],
          globalSetup: ['apps/server/test/support/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          exclude: never,
          globalSetup: ['apps/server/test/support/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'web',
          include: ['apps/web/src/**/*.test.ts'],
          exclude: [...never, ...alone],
          testTimeout: 30_000,
        },
      },
      {
        // The page itself, drawn by jsdom over an API that the contract makes (decision 47). What draws by WebGL needs a browser.
        resolve: {
          alias: [
            { find: /^\.\.\/\.\.\/viewer\/index\.ts$/, replacement: path.resolve('apps/web/src/test/viewer-fixture.tsx') },
            { find: /^\.\.?\/engine\/index\.ts$/, replacement: path.resolve('apps/web/src/viewer/testing/engine-fixture.ts') },
          ],
        },
        test: {
          ...shared,
          name: 'page',
          include: ['apps/web/src/**/*.test.tsx'],
          exclude: [...never, ...alone],
          environment: 'jsdom',
          setupFiles: ['apps/web/src/test/setup.ts'],
          testTimeout: 60_000,
        },
      },
      ...(withEndToEnd
        ? [
            {
              test: {
                ...shared,
                name: 'e2e',
                include: ['e2e/**/*.e2e.ts'],
                exclude: never,
                globalSetup: ['e2e/support/prepared.ts'],
                testTimeout: 120_000,
                hookTimeout: 120_000,
              },
            },
          ]
        : []),
    ],
  },
});
