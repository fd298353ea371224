import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real files, which are no part of a clone of this repository. */
export const TESTDATA =
  process.env.NEGATOSCOPE_TESTDATA || fileURLToPath(new URL('../../../shared/testdata/dicom', import.meta.url));

/** Small files with one odd thing each. */
export const FAULTS = fileURLToPath(new URL('../../../shared/testdata/faults', import.meta.url));

interface ManifestFile {
  readonly instance: string;
  readonly study: string;
  readonly series: string;
  readonly layout: string;
  readonly pixelSha256: string;
  /** Transfer syntax, colour space and cell of the pixels. */
}

/** What the oracle says of each file of the test data; nothing where they are not. */
export function manifest(): Map<string, ManifestFile> {
  const csv = path.join(TESTDATA, 'MANIFEST.csv');
  if (!existsSync(csv)) return new Map();
  const [head = '', ...lines] = readFileSync(csv, 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  const rows = lines.map((line) => {
    const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)?.map((cell) => cell.replace(/,$/, '').replaceAll('"', '')) ?? [];
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
  return new Map(
    rows.map((row) => {
      const study = row.study_instance_uid ?? '';
      const series = row.series_instance_uid ?? '';
      const instance = `/dicom-web/studies/${study}/series/${series}/instances/${row.sop_instance_uid}`;
      const { pixel_layout: layout = '', pixel_sha256: pixelSha256 = '' } = row;
      return [row.file ?? '', { instance, study, series, layout, pixelSha256 }];
    }),
  );
}
