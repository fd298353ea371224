import { createHmac } from 'node:crypto';
import type {
  DeidFile,
  DeidOption,
  DeidSubstitutes,
  DicomJsonElement,
  DicomJsonObject,
  ReencodedPiece,
} from '../../src/index.ts';
import { deidentifyPart10, runReader, uidFrom, writeDataset } from '../../src/index.ts';
import { inflateRaw } from '../corpus.ts';

export const hash = (label: string, text: string): Uint8Array => createHmac('sha256', 'key').update(`${label}\0${text}`).digest();
export const SUBSTITUTES: DeidSubstitutes = {
  uid: (original) => uidFrom(hash, original),
  patientId: 'P-X',
  patientName: 'P-X',
  shiftDays: -10,
};
export const implementation = { classUid: '1.2.3', version: 'TEST' };
export const options = (...list: DeidOption[]) => ({ options: new Set(list) });
export const CT: DicomJsonObject = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
  '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
};
export const text = (vr: string, ...Value: string[]): DicomJsonElement => ({ vr, Value });

export function fileOf(json: DicomJsonObject): Uint8Array {
  const parts = writeDataset(json, { transferSyntaxUid: '1.2.840.10008.1.2.1', implementation, bulk: () => undefined });
  return Buffer.concat(parts.filter((part) => part instanceof Uint8Array));
}

/** The bytes of pieces, from the file or its inflated dataset. */
export function joined(pieces: readonly ReencodedPiece[], space: Uint8Array): Uint8Array {
  return Buffer.concat(
    pieces.map((piece) => {
      if ('bytes' in piece) return piece.bytes;
      const bytes = Buffer.from(space.subarray(piece.offset, piece.offset + piece.length));
      if (piece.swapWordBytes === 2) bytes.swap16();
      if (piece.swapWordBytes === 4) bytes.swap32();
      if (piece.swapWordBytes === 8) bytes.swap64();
      return bytes;
    }),
  );
}

export function cleaned(file: Uint8Array, ...list: DeidOption[]): { result: DeidFile; bytes: Uint8Array; space: Uint8Array } {
  let space = file;
  const result = runReader(
    deidentifyPart10(file.length, { profile: options(...list), substitutes: SUBSTITUTES, implementation }),
    file,
    (from) => {
      space = inflateRaw(file.subarray(from), 1e9);
      return space;
    },
  );
  return { result, bytes: joined(result.pieces, space), space };
}
