import { concat } from '../concat.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { FileSink } from './sink.ts';
import { valueBytes } from './values.ts';

/** Who writes a file, and in which transfer syntax. */
export interface Writer {
  /** Explicit little endian, or the syntax of the encapsulated pixel data. */
  readonly transferSyntaxUid: string;
  /** (0002,0012) and (0002,0013). */
  readonly implementation: { readonly classUid: string; readonly version: string };
  /** (0002,0016) to (0002,0018): AE titles of who sent the dataset (also as the source of the file), and to whom. */
  readonly sent?: { readonly from: string; readonly to: string };
}

/** Group 0002 (PS3.10 7.1) of a dataset: its UIDs, the transfer syntax and who wrote it. */
export function fileMetaInformation(json: DicomJsonObject, { transferSyntaxUid, implementation, sent }: Writer): Uint8Array[] {
  const sink = new FileSink();
  const put = (tag: string, value: DicomJsonElement): void => {
    const bytes = valueBytes(value);
    sink.header(tag, value.vr, bytes.length);
    sink.put(bytes);
  };
  put('00020000', { vr: 'UL', Value: [0] });
  const start = sink.length;
  sink.header('00020001', 'OB', 2);
  sink.put(Uint8Array.of(0, 1));
  put('00020002', { vr: 'UI', Value: json['00080016']?.Value ?? [] });
  put('00020003', { vr: 'UI', Value: json['00080018']?.Value ?? [] });
  put('00020010', { vr: 'UI', Value: [transferSyntaxUid] });
  put('00020012', { vr: 'UI', Value: [implementation.classUid] });
  put('00020013', { vr: 'SH', Value: [implementation.version] });
  if (sent !== undefined) {
    put('00020016', { vr: 'AE', Value: [sent.from] });
    put('00020017', { vr: 'AE', Value: [sent.from] });
    put('00020018', { vr: 'AE', Value: [sent.to] });
  }
  sink.setLength(start - 4, sink.length - start);
  return sink.parts().filter((part) => part instanceof Uint8Array);
}

/** Zeros and the prefix (PS3.10 7.1). */
export function preamble(): Uint8Array {
  const bytes = new Uint8Array(132);
  bytes.set([0x44, 0x49, 0x43, 0x4d], 128);
  return bytes;
}

/** What makes a file (PS3.10) of a dataset that came without one: preamble, prefix and file meta information. The dataset's bytes follow as they are. */
export function fileStart(named: { readonly sopClassUid: string; readonly sopInstanceUid: string }, writer: Writer): Uint8Array {
  const json: DicomJsonObject = {
    '00080016': { vr: 'UI', Value: [named.sopClassUid] },
    '00080018': { vr: 'UI', Value: [named.sopInstanceUid] },
  };
  return concat([preamble(), ...fileMetaInformation(json, writer)]);
}
