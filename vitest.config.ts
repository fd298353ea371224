import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Long tests (kill -9 trials, soak, large volumes) run by `npm run test:long` only.
const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';
// The browser tests run against the built server, after the others; two at a time, since each waits now and then.
const withEndToEnd = process.env.NEGATOSCOPE_E2E === '1';
const never = ['**/node_modules/**', '**/dist/**', ...(isLong ? [] : ['**/*.long.test.{ts,tsx}', '**/*.long.e2e.ts'])];

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

/** What takes longest, the longest first, so that no worker is left alone with one of them at the end. */
const LONGEST = [
  // In a browser.
  ...['bad-input', 'main-job', 'screens', 'page-pictures', 'annotations', 'hands', 'opening', 'memory', 'accepted-imports'],
  ...['ohif', 'ohif-work', 'small-things', 'mpr', 'kept-files', 'wrong-patient', 'prediction', 'conflicts', 'cornerstone-loader'],
  ...['documents', 'desk', 'silent-connections', 'pictures'],
  // Without one.
  ...[
    'fhir',
    'validations',
    'embedded',
    'pseudonyms',
    'retrieve',
    'blind-imports',
    'send',
    'transfers',
    'transcoding',
    'hostile',
  ],
  ...['models', 'tls', 'commitment', 'permissions', 'search', 'store-simulation', 'deaf', 'filling-disk'],
  ...['orthanc', 'index-list', 'qido-usual', 'enhanced', 'predictions', 'front-door', 'hidden-values', 'kill', 'stale'],
  ...['runner', 'statistics', 'consultations', 'mutated-files', 'disk-full', 'unchecked-input', 'audit', 'imports'],
  ...['commit-queue', 'dcmtk-pictures', 'backup', 'access-matrix', 'feed-lies', 'store-contract', 'results', 'worklist'],
  ...['rendered', 'deletions', 'every-page', 'worklist-live', 'shell', 'postgres-state', 'element-budget'],
];
const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONGEST.indexOf(path.basename(moduleId).split('.')[0] ?? '');
  return rank < 0 ? LONGEST.length : rank;
};

class LongestFirst extends BaseSequencer {
  /** The projects stay one after the other: their workers can't be shared. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    const placeOf = ({ project }: TestSpecification): number => projects.indexOf(project.name);
    return sorted.sort((a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b));
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
            { find: '../engine/volume/index.ts', replacement: path.resolve('apps/web/src/viewer/testing/volume-fixture.ts') },
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
                // A second, as Vitest has it, is no promise of ours: a busy machine takes longer, and what is never so fails all the same.
                expect: { poll: { timeout: 20_000 } },
              },
            },
          ]
        : []),
    ],
  },
});
