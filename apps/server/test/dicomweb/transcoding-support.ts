import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import {
  type DecodedFrame,
  type DicomJsonObject,
  finishFrameRead,
  frameFormatOf,
  locateFrames,
  type ParsedInstance,
  parsePart10,
  planFrameRead,
} from '@negatoscope/dicom';
import { alignBits } from '../../src/archive/pixels/stored-frames.ts';
import type { CodecPool } from '../../src/platform/codecs/pool.ts';

export const inflatedOf = (bytes: Uint8Array): Uint8Array => inflateRawSync(bytes);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const parse = (file: Uint8Array): ParsedInstance => parsePart10(file, { inflateRaw: inflatedOf });

/** Every frame of a file, decoded. */
export async function framesOf(pool: CodecPool, file: Buffer): Promise<DecodedFrame[]> {
  const parsed = parse(file);
  const table = locateFrames(parsed, file, { inflateRaw: inflatedOf });
  const source = table.space === 'file' ? file : inflateRawSync(file.subarray(parsed.datasetOffset));
  const format = frameFormatOf(parsed.json, parsed.pixelData?.tag ?? '');
  const decoded: DecodedFrame[] = [];
  for (let index = 0; index < table.count; index += 1) {
    const plan = planFrameRead(table, index);
    if (plan === undefined) throw new Error('No such frame.');
    const joined = Buffer.concat(plan.ranges.map(({ offset, length }) => source.subarray(offset, offset + length)));
    const read = Buffer.from(finishFrameRead(plan, joined));
    const bytes = table.kind === 'packed-bits' ? alignBits(read, index * table.frameBits, table.frameBits) : read;
    decoded.push(await pool.decodeFrame({ ...format, transferSyntaxUid: parsed.transferSyntaxUid, bytes }));
  }
  return decoded;
}

/** What the frames look like, whatever their encoding. */
export const look = (frames: readonly DecodedFrame[]): string[] =>
  frames.map(({ pixels, photometricInterpretation }) => `${photometricInterpretation} ${sha256(pixels)}`);

const DCMTK: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.5': 'dcmdrle',
  '1.2.840.10008.1.2.4.80': 'dcmdjpls',
  '1.2.840.10008.1.2.4.50': 'dcmdjpeg',
};

export const hasDcmtk = ((): boolean => {
  try {
    execFileSync('dcmdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** The file as DCMTK decodes it; the file itself where it has no decoder. Fails when dcmdump finds fault. */
export function byDcmtk(file: Buffer): Buffer {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-dcmtk-'));
  try {
    const [given, made] = [path.join(folder, 'in.dcm'), path.join(folder, 'out.dcm')];
    writeFileSync(given, file);
    execFileSync('dcmdump', ['-q', given], { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1e8 });
    const tool = DCMTK[parse(file).transferSyntaxUid];
    if (tool === undefined) return file;
    execFileSync(tool, [given, made], { stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(made);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What may differ after a change of transfer syntax: image pixel attributes, lossy facts, pixels, places of bulk data. */
const CHANGED = /^(00280004|00280006|00282110|00282112|00282114|7FE0....|00880200)$/;

/** The header without what may differ; bulk data by length only. Implicit VR has no VR for private elements (PS3.5 A.1): `isPublic` leaves them out. */
export function headerOf(file: Buffer, isPublic = false): DicomJsonObject {
  const strip = (json: DicomJsonObject): DicomJsonObject =>
    Object.fromEntries(
      Object.entries(json)
        .filter(([tag]) => !CHANGED.test(tag) && !(isPublic && Number.parseInt(tag.slice(0, 4), 16) % 2 === 1))
        .map(([tag, element]) => {
          if (element.BulkDataURI !== undefined) return [tag, { vr: element.vr, length: element.BulkDataURI.split(':')[2] }];
          if (element.vr !== 'SQ') return [tag, element];
          return [tag, { vr: 'SQ', Value: (element.Value ?? []).map((item) => strip(item as DicomJsonObject)) }]; // Items are datasets.
        }),
    );
  return strip(parse(file).json);
}
