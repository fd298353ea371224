import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DecodedFrame, findText, frameFormatOf, jsonString, locateFrames, parsePart10 } from '@negatoscope/dicom';

/** The first frame of a file of others whose pixels are native, and its modality; undefined for all else. */
function nativeFrame(bytes: Uint8Array): { frame: DecodedFrame; modality: string } | undefined {
  try {
    const parsed = parsePart10(bytes);
    const table = locateFrames(parsed, bytes);
    if (table.kind !== 'native' || table.bigEndian || table.count === 0) return undefined;
    const format = frameFormatOf(parsed.json, parsed.pixelData?.tag ?? '7FE00010');
    if (format.planarConfiguration === 1 || format.rows < 32 || format.columns < 32) return undefined;
    const pixels = bytes.slice(table.offset, table.offset + table.frameBytes);
    return { frame: { ...format, pixels }, modality: jsonString(parsed.json, '00080060') ?? '' };
  } catch {
    return undefined;
  }
}

/** What is suspected in real files: their paths and modalities, and whether something was found. */
export function* realFiles(folder: string): Generator<{ file: string; modality: string; isSuspected: boolean }> {
  const manifest = path.join(folder, 'MANIFEST.csv');
  if (!existsSync(manifest)) return;
  for (const line of readFileSync(manifest, 'utf8').split(/\r?\n/).slice(1)) {
    const file = line.slice(0, line.indexOf(','));
    if (file === '' || file.startsWith('broken/') || !existsSync(path.join(folder, file))) continue;
    const opened = nativeFrame(readFileSync(path.join(folder, file)));
    const found = opened === undefined ? undefined : findText(opened.frame);
    if (opened !== undefined && found !== undefined) yield { file, modality: opened.modality, isSuspected: found.length > 0 };
  }
}
