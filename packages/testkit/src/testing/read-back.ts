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

/** Runs a DCMTK tool once over all files, each from its bytes; its exit status, which is not 0 when one of them fails, and everything it printed. */
export function runDcmtk(
  tool: string,
  files: readonly Uint8Array[],
  flags: readonly string[] = [],
): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  try {
    const paths = files.map((bytes, index) => {
      const path = join(folder, `${index}.dcm`);
      writeFileSync(path, bytes);
      return path;
    });
    const { status, stdout, stderr } = spawnSync(tool, [...flags, ...paths], { encoding: 'utf8', maxBuffer: 1 << 26 });
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A tool of DCMTK refused a file; what it said. */
class DcmtkFailed extends Error {}

/** Lets DCMTK's dcmdrle turn an RLE file into an explicit VR little endian one, for an opinion on the encoder that is not ours. */
export function decodeRleByDcmtk(bytes: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  try {
    const [from, to] = [join(folder, 'rle.dcm'), join(folder, 'plain.dcm')];
    writeFileSync(from, bytes);
    const { status, stderr } = spawnSync('dcmdrle', [from, to], { encoding: 'utf8' });
    if (status !== 0) throw new DcmtkFailed(`dcmdrle: ${stderr}`);
    return new Uint8Array(readFileSync(to));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The picture that DCMTK's dcm2pnm makes of a file without changing its values: a raw PGM (gray) or PPM (colour). */
export function pictureByDcmtk(bytes: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'testkit-'));
  try {
    const [from, to] = [join(folder, 'image.dcm'), join(folder, 'image.pnm')];
    writeFileSync(from, bytes);
    const { status, stderr } = spawnSync('dcm2pnm', ['--write-raw-pnm', from, to], { encoding: 'utf8' });
    if (status !== 0) throw new DcmtkFailed(`dcm2pnm: ${stderr}`);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
