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
  readonly transferSyntax: string;
  readonly pixelSha256: string;
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
      const { pixel_layout: layout = '', pixel_sha256: pixelSha256 = '', transfer_syntax_uid: transferSyntax = '' } = row;
      return [row.file ?? '', { instance, study, series, layout, transferSyntax, pixelSha256 }];
    }),
  );
}

/**
 * A file of the test data under UIDs of its own, of the same length: many of them are one image in several encodings, under the same UIDs. A deflated
 * dataset does not show its UIDs and keeps them. An empty Study Instance UID, without which nothing is stored, is filled.
 */
export function underOwnUids(file: string, number: number): Uint8Array {
  const bytes = readFileSync(path.join(TESTDATA, file));
  const { study = '', series = '', instance = '' } = manifest().get(file) ?? {};
  // The longest first: one may begin with another.
  const uids = [path.basename(instance), series, study].filter((uid) => uid.length > 4).sort((a, b) => b.length - a.length);
  let text = bytes.toString('latin1');
  for (const uid of new Set(uids)) text = text.replaceAll(uid, `${uid.slice(0, -3)}${100 + number}`);
  const own = `2.25.66${10_000 + number}`;
  // (0020,000D) without a value, explicit and implicit little endian (PS3.5 7.1).
  text = text.replace('\x20\0\x0d\0UI\0\0', `\x20\0\x0d\0UI${String.fromCharCode(own.length)}\0${own}`);
  text = text.replace('\x20\0\x0d\0\0\0\0\0', `\x20\0\x0d\0${String.fromCharCode(own.length)}\0\0\0${own}`);
  return Buffer.from(text, 'latin1');
}
