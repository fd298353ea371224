import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';

/** Reads a file by dicom-parser, the second opinion of the tests. */
export function parse(bytes: Uint8Array): dicomParser.DataSet {
  return dicomParser.parseDicom(bytes, {
    inflater: (all: Uint8Array, position: number) =>
      Buffer.concat([all.subarray(0, position), inflateRawSync(all.subarray(position))]),
  } as dicomParser.ParseDicomOptions);
}

export const hasDcmtk = spawnSync('dcmdump', ['--version']).status === 0;

/** What is done in a folder of its own, which is gone afterwards. */
function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a DCMTK tool once over all files, each from its bytes; its exit status, which is not 0 when one of them fails, and everything it printed. */
export const runDcmtk = (
  tool: string,
  files: readonly Uint8Array[],
  flags: readonly string[] = [],
): { status: number | null; output: string } =>
  inFolder((folder) => {
    const paths = files.map((bytes, index) => {
      const path = join(folder, `${index}.dcm`);
      writeFileSync(path, bytes);
      return path;
    });
    const { status, stdout, stderr } = spawnSync(tool, [...flags, ...paths], { encoding: 'utf8', maxBuffer: 1 << 26 });
    return { status, output: `${stdout}${stderr}` };
  });

/** A tool of DCMTK refused a file; what it said. */
class DcmtkFailed extends Error {}

/** The file that a DCMTK tool makes of another. */
const convertedBy = (tool: string, flags: readonly string[], bytes: Uint8Array): Buffer =>
  inFolder((folder) => {
    const [from, to] = [join(folder, 'from.dcm'), join(folder, 'to')];
    writeFileSync(from, bytes);
    const { status, stderr } = spawnSync(tool, [...flags, from, to], { encoding: 'utf8' });
    if (status !== 0) throw new DcmtkFailed(`${tool}: ${stderr}`);
    return readFileSync(to);
  });

/** Lets DCMTK's dcmdrle turn an RLE file into an explicit VR little endian one, for an opinion on the encoder that is not ours. */
export const decodeRleByDcmtk = (bytes: Uint8Array): Uint8Array => new Uint8Array(convertedBy('dcmdrle', [], bytes));

/** The picture that DCMTK's dcm2pnm makes of a file without changing its values: a raw PGM (gray) or PPM (colour). */
export const pictureByDcmtk = (bytes: Uint8Array): Buffer => convertedBy('dcm2pnm', ['--write-raw-pnm'], bytes);
