import type { DicomJsonObject } from '../types.ts';
import {
  type Code,
  codeItem,
  commonOf,
  dcm,
  empty,
  evidenceOf,
  fileOf,
  type InstanceReference,
  imageItem,
  instanceItem,
  type MadeDevice,
  type MadeInstance,
  observerItems,
  type Predecessor,
  predecessorsOf,
  rootOf,
  sequence,
  templateOf,
  text,
  textItem,
} from './common.ts';

/** A part of a report: a text under a name, with the images that it speaks of. */
export interface ReportPart {
  readonly name: Code;
  readonly text: string;
  readonly images?: readonly InstanceReference[];
}

export interface MadeReport extends MadeInstance {
  readonly title: Code;
  readonly parts: readonly ReportPart[];
}

/** A Basic Text SR, complete and not verified (PS3.3 A.35.1): each part a text, followed by its images. Fails with DatasetWriteError. */
export function basicTextReport(report: MadeReport): Uint8Array {
  const items = report.parts.flatMap(({ name, text: words, images = [] }) => [
    textItem('CONTAINS', name, words),
    ...images.map((image) => imageItem(image)),
  ]);
  return fileOf(report, {
    ...commonOf(report, '1.2.840.10008.5.1.4.1.1.88.11', 'SR'),
    '00081111': empty('SQ'),
    '0040A372': empty('SQ'),
    '0040A491': text('CS', 'COMPLETE'),
    '0040A493': text('CS', 'UNVERIFIED'),
    ...evidenceOf(
      report,
      report.parts.flatMap(({ images = [] }) => images),
    ),
    ...rootOf(report.title, items),
  });
}

export interface MadeKeyObjects extends MadeInstance {
  /** Why these were chosen (PS3.16 CID 7010); "Of Interest" when absent. */
  readonly title?: Code;
  readonly description?: string;
  /** A PN value: who chose them. */
  readonly author?: string;
  /** The selection that this one takes the place of. */
  readonly predecessor?: Predecessor;
  /** At least one. */
  readonly objects: readonly InstanceReference[];
}

const OF_INTEREST: Code = { value: '113000', scheme: 'DCM', meaning: 'Of Interest' };
const KEY_OBJECT_DESCRIPTION: Code = { value: '113012', scheme: 'DCM', meaning: 'Key Object Description' };

/** A Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010). Fails with DatasetWriteError. */
export function keyObjectSelection(selection: MadeKeyObjects): Uint8Array {
  const { title = OF_INTEREST, description, author, predecessor, objects } = selection;
  return fileOf(selection, {
    ...commonOf(selection, '1.2.840.10008.5.1.4.1.1.88.59', 'KO'),
    '00081111': empty('SQ'),
    ...templateOf('2010'),
    // No attribute of this IOD: an addition as standard extended SOP classes may have (PS3.2 3.11.3).
    ...predecessorsOf(selection, predecessor),
    ...evidenceOf(selection, objects),
    ...rootOf(title, [
      ...(author === undefined ? [] : observerItems(author)),
      ...(description === undefined ? [] : [textItem('CONTAINS', KEY_OBJECT_DESCRIPTION, description)]),
      ...objects.map((object) => imageItem(object)),
    ]),
  });
}

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

export interface MadeCapture extends MadeInstance {
  readonly rows: number;
  readonly columns: number;
  /** Gray (1 byte a pixel) or red, green, blue (3), row after row. */
  readonly pixels: Uint8Array;
  /** What it was made of, by which program, and how that is said. */
  readonly derived?: MadeDerivation;
}

export interface MadeDerivation {
  /** Value 4 of Image Type (0008,0008). */
  readonly kind: string;
  /** In words (VR ST). */
  readonly description: string;
  readonly source: InstanceReference;
  readonly device: MadeDevice;
  /** Of the program: name and version of its parts (0018,1020). */
  readonly software: readonly string[];
}

/** Derivation, Source Image and Contributing Equipment (PS3.3 C.7.6.1, C.12.1; PS3.16 CID 7202, CID 7005). */
const derivationOf = ({ description, source, device, software }: MadeDerivation): DicomJsonObject => ({
  '00082111': text('ST', description),
  '00082112': sequence({
    ...instanceItem(source),
    '0040A170': sequence(codeItem(dcm('121322', 'Source of Image Processing Operation'))),
  }),
  '0018A001': sequence({
    '00080070': text('LO', device.manufacturer),
    '00081090': text('LO', device.model),
    '00181002': text('UI', device.uid),
    '00181020': text('LO', ...software),
    '0040A170': sequence(codeItem(dcm('109102', 'Processing Equipment'))),
  }),
});

/** A Secondary Capture image of 8 bits (PS3.3 A.8.1); burned-in text is assumed. Fails with DatasetWriteError, and RangeError for pixels of another size. */
export function secondaryCaptureImage(capture: MadeCapture): Uint8Array {
  const { rows, columns, pixels, derived } = capture;
  const samples = pixels.length / (rows * columns);
  if (samples !== 1 && samples !== 3) throw new RangeError('The pixels are not of this size.');
  const json: DicomJsonObject = {
    ...commonOf(capture, '1.2.840.10008.5.1.4.1.1.7', 'OT'),
    '00080008': text('CS', 'DERIVED', 'SECONDARY', ...(derived === undefined ? [] : ['OTHER', derived.kind])),
    '00080064': text('CS', 'WSD'),
    '00200020': empty('CS'),
    '00280002': { vr: 'US', Value: [samples] },
    '00280004': text('CS', samples === 1 ? 'MONOCHROME2' : 'RGB'),
    ...(samples === 1 ? {} : { '00280006': { vr: 'US', Value: [0] } }),
    '00280010': { vr: 'US', Value: [rows] },
    '00280011': { vr: 'US', Value: [columns] },
    '00280100': { vr: 'US', Value: [8] },
    '00280101': { vr: 'US', Value: [8] },
    '00280102': { vr: 'US', Value: [7] },
    '00280103': { vr: 'US', Value: [0] },
    '00280301': text('CS', 'YES'),
    ...(derived === undefined ? {} : derivationOf(derived)),
    '7FE00010': { vr: 'OB', BulkDataURI: 'pixels' },
  };
  return fileOf(capture, json, { pixels });
}
