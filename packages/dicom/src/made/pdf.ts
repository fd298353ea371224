import type { DicomJsonObject } from '../types.ts';
import { commonOf, type MadeInstance } from './common.ts';
import { empty, text } from './elements.ts';
import { fileOf } from './file.ts';

export interface MadePdf extends MadeInstance {
  readonly documentTitle: string;
  readonly pdf: Uint8Array;
}

/** An Encapsulated PDF (PS3.3 A.45.1). Fails with DatasetWriteError. */
export function encapsulatedPdf(document: MadePdf): Uint8Array {
  const json: DicomJsonObject = {
    ...commonOf(document, '1.2.840.10008.5.1.4.1.1.104.1', 'DOC'),
    '0008002A': empty('DT'),
    '00080064': text('CS', 'WSD'),
    '00280301': text('CS', 'YES'),
    '0040A043': empty('SQ'),
    '00420010': text('ST', document.documentTitle),
    '00420011': { vr: 'OB', BulkDataURI: 'pdf' },
    '00420012': text('LO', 'application/pdf'),
    '00420015': { vr: 'UL', Value: [document.pdf.length] },
  };
  return fileOf(document, json, { pdf: document.pdf });
}
