// Why a test may be left out where CI=true. A skip whose reason is not here, or is not so on the machine, fails `npm test` there:
// what is proven nowhere is not proven.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib.mjs';

const shared = path.join(root, '..', 'shared');
const hasFiles = existsSync(
  path.join(process.env.NEGATOSCOPE_TESTDATA || path.join(shared, 'testdata', 'dicom'), 'MANIFEST.csv'),
);
const lacks = (...parts) => !existsSync(path.join(shared, ...parts));

const DICOMWEB = 'apps/server/test/dicomweb/';
/** `isSo`: whether the reason holds here; `files`: where tests may be left out for it. */
export const REASONS = [
  {
    reason: 'the real DICOM files are no part of a clone',
    isSo: !hasFiles,
    files: [
      ...['coerce', 'glimpse', 'nifti/second-opinion', 'oracle', 'second-opinion', 'windows'].map(
        (name) => `packages/dicom/test/${name}.test.ts`,
      ),
      ...['codecs', 'encode', 'hostile', 'streams'].map((name) => `apps/server/src/platform/codecs/${name}.test.ts`),
      'apps/server/test/dimse/syntaxes.db.test.ts',
      'apps/server/src/features/dicomweb/rendered/rendered.http.db.test.ts',
      'apps/server/src/features/ingest/test-data.db.test.ts',
      ...['bulkdata', 'faults', 'frames', 'hostile', 'metadata', 'orthanc', 'qido', 'qido-instances'].map(
        (name) => `${DICOMWEB}${name}.http.test.ts`,
      ),
      ...['retrieve', 'scope', 'stow', 'transcoding', 'wado-uri'].map((name) => `${DICOMWEB}${name}.http.test.ts`),
      ...['', '.long'].map((tier) => `${DICOMWEB}dcmtk-pictures${tier}.test.ts`),
      ...['cornerstone-loader.long', 'ohif-syntaxes.long', 'page-pictures', 'pictures.long'].map((name) => `e2e/${name}.e2e.ts`),
    ],
  },
  {
    reason: 'the small files with one odd thing each are no part of a clone',
    isSo: lacks('testdata', 'faults'),
    files: [
      'apps/server/src/features/ingest/charset.db.test.ts',
      `${DICOMWEB}as-stored.http.test.ts`,
      `${DICOMWEB}faults.http.test.ts`,
      'e2e/page-pictures.e2e.ts',
    ],
  },
  {
    reason: 'the table of PS3.15 is no part of a clone',
    isSo: lacks('standard', 'ps3.15-table-e1-1.tsv'),
    files: ['apps/server/src/archive/pseudonym/pseudonym.test.ts'],
  },
  {
    reason: 'only root runs PostgreSQL as somebody else, and only in a folder that they can enter',
    isSo: true,
    files: ['apps/server/src/platform/postgres/embedded.test.ts'],
  },
  {
    reason: 'a container may forbid mounts and networks of its own',
    isSo: true,
    files: [
      ...['disk-full.http', 'filling-disk.long', 'full-replay.http.long'].map((name) => `${DICOMWEB}${name}.test.ts`),
      'apps/server/test/bundle.long.test.ts',
    ],
  },
  {
    reason: 'there is no nginx where none may be installed',
    isSo: !existsSync('/usr/sbin/nginx'),
    files: ['apps/server/test/deploy/nginx.test.ts', 'apps/server/test/nodes/several-nodes.long.test.ts'],
  },
  {
    reason: 'there is no Redis where none may be installed',
    isSo: !existsSync('/usr/bin/redis-server'),
    files: [
      'apps/server/test/shared-state/redis-state.db.test.ts',
      'apps/server/test/nodes/two-nodes.http.test.ts',
      'apps/server/test/nodes/several-nodes.long.test.ts',
    ],
  },
  {
    reason: 'there is no dcm2niix where none may be installed',
    isSo: !existsSync('/usr/bin/dcm2niix'),
    files: ['packages/dicom/test/nifti/second-opinion.test.ts'],
  },
  {
    reason: 'the codecs of the browser are not ours',
    isSo: true,
    files: ['e2e/documents.long.e2e.ts'],
    test: /^what is no image a video: played in the pane/,
  },
];

/**
 * Tests that were left out without a reason that is listed.
 * @param {{ file: string, name: string }[]} skips the file from the root of the repository, with slashes; the full name of the test
 */
export function unexcused(skips, reasons = REASONS) {
  const excuses = ({ file, name }) =>
    reasons.some(({ isSo, files, test }) => isSo && files.includes(file) && (test === undefined || test.test(name)));
  return skips.filter((skip) => !excuses(skip));
}
