import type { Dataset } from '../part10/dataset.ts';
import { encodeElements } from '../part10/elements.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { writePart10 } from '../part10/writer.ts';
import { ctVolume } from '../phantom/ct.ts';
import type { GeneratedInstance } from '../phantom/instance.ts';
import { type Seed, seededUid } from '../prng.ts';

export interface CdFile {
  /** Relative path with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface PatientCd {
  readonly files: readonly CdFile[];
  /** Paths the DICOMDIR announces, in its order; the missing one is among them. */
  readonly announced: readonly string[];
  /** Announced, but not on the disc. */
  readonly missing: readonly string[];
  readonly studyInstanceUid: string;
  /** SOP Instance UIDs present on the disc. */
  readonly sopInstanceUids: readonly string[];
}

interface RecordNode {
  readonly dataset: Dataset;
  readonly children: readonly RecordNode[];
}

const LAYOUT = { isExplicit: true, isBigEndian: false, isDeflated: false };
const META: Dataset = { MediaStorageSOPClassUID: SopClass.mediaStorageDirectory };

function byteLength(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** A directory record (PS3.3 F.3.2.2); the offsets are of fixed size, so that a record's length does not depend on them. */
function recordDataset(node: RecordNode, next: number, lower: number): Dataset {
  return {
    OffsetOfTheNextDirectoryRecord: next,
    RecordInUseFlag: 0xffff,
    OffsetOfReferencedLowerLevelDirectoryEntity: lower,
    ...node.dataset,
  };
}

/** Records in file order: each followed by those below it. */
function flatten(nodes: readonly RecordNode[]): RecordNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)]);
}

/** Writes a DICOMDIR over a tree of records, with next and lower-level offsets from the start of the file (PS3.10 8.6, PS3.3 F.3). */
export function writeDicomdir(roots: readonly RecordNode[], seed: Seed): Uint8Array {
  const header = (first: number, last: number): Dataset => ({
    FileSetID: 'TESTKIT',
    OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity: first,
    OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity: last,
    FileSetConsistencyFlag: 0,
  });
  const options = {
    transferSyntaxUid: TransferSyntax.explicitVrLittleEndian,
    metaElements: { ...META, MediaStorageSOPInstanceUID: seededUid(seed, 'dicomdir') },
  };
  const records = flatten(roots);
  const offsets = new Map<RecordNode, number>();
  let offset = writePart10({ ...header(0, 0), DirectoryRecordSequence: { vr: 'SQ', value: [] } }, options).length;
  for (const node of records) {
    offsets.set(node, offset);
    offset += 8 + byteLength(encodeElements(recordDataset(node, 0, 0), LAYOUT, { text: 'utf8' }));
  }
  const offsetOf = (node: RecordNode | undefined): number => (node ? (offsets.get(node) ?? 0) : 0);
  const next = new Map<RecordNode, RecordNode | undefined>();
  const link = (siblings: readonly RecordNode[]): void => {
    siblings.forEach((node, index) => {
      next.set(node, siblings[index + 1]);
      link(node.children);
    });
  };
  link(roots);
  const items = records.map((node) => recordDataset(node, offsetOf(next.get(node)), offsetOf(node.children[0])));
  const dataset = {
    ...header(offsetOf(roots[0]), offsetOf(roots.at(-1))),
    DirectoryRecordSequence: { vr: 'SQ', value: items },
  } as const;
  return writePart10(dataset, options);
}

const PATIENT: Dataset = {
  PatientName: 'DUPONT-LACROIX^Éléonore',
  PatientID: 'CD-0001',
  PatientBirthDate: '19680412',
  PatientSex: 'F',
};
const STUDY: Dataset = {
  StudyDate: '20251120',
  StudyTime: '111500',
  AccessionNumber: 'CD20251120',
  StudyDescription: 'Scanner thoracique',
  StudyID: '7',
};

function record(type: string, elements: Dataset, children: readonly RecordNode[]): RecordNode {
  return { dataset: { DirectoryRecordType: type, SpecificCharacterSet: 'ISO_IR 192', ...elements }, children };
}

function imageRecord(path: string, instance: GeneratedInstance, number: number): RecordNode {
  return record(
    'IMAGE',
    {
      ReferencedFileID: path.split('/'),
      ReferencedSOPClassUIDInFile: SopClass.ct,
      ReferencedSOPInstanceUIDInFile: instance.sopInstanceUid,
      ReferencedTransferSyntaxUIDInFile: TransferSyntax.explicitVrLittleEndian,
      InstanceNumber: number,
    },
    [],
  );
}

function litter(): CdFile[] {
  const text = (path: string, content: string): CdFile => ({ path, bytes: new Uint8Array(Buffer.from(content, 'latin1')) });
  return [
    text('AUTORUN.INF', '[autorun]\r\nopen=VIEWER.EXE\r\nicon=VIEWER.EXE,0\r\n'),
    {
      path: 'VIEWER.EXE',
      bytes: Uint8Array.from({ length: 4096 }, (_, index) => (index < 2 ? (index === 0 ? 0x4d : 0x5a) : (index * 37) & 0xff)),
    },
    text('README.TXT', 'Images du patient. Ouvrez VIEWER.EXE.\r\n'),
    text('VIEWER/HELP/INDEX.HTM', '<html><body>Aide</body></html>\r\n'),
  ];
}

/** A CD while it is filled. */
interface Disc {
  readonly seed: Seed;
  readonly studyInstanceUid: string;
  readonly perSeries: number;
  readonly files: CdFile[];
  readonly announced: string[];
  readonly missing: string[];
  readonly sopInstanceUids: string[];
}

/** Puts a CT series on the disc, but not the last image of the second one, which the DICOMDIR announces all the same. */
function addSeries(disc: Disc, seriesNumber: number): RecordNode {
  const { seed, studyInstanceUid, perSeries } = disc;
  const seriesInstanceUid = seededUid(seed, 'cd', 'series', seriesNumber);
  const identifiers = { seed, studyInstanceUid, seriesInstanceUid, seriesNumber };
  const images: RecordNode[] = [];
  const dataset = { ...PATIENT, ...STUDY };
  for (const instance of ctVolume({ ...identifiers, slices: perSeries, rows: 128, columns: 128, dataset })) {
    const number = images.length + 1;
    const path = `IMAGES/SER${seriesNumber}/IM${String(number).padStart(5, '0')}`;
    images.push(imageRecord(path, instance, number));
    disc.announced.push(path);
    if (seriesNumber === 2 && number === perSeries) disc.missing.push(path);
    else {
      disc.files.push({ path, bytes: instance.bytes });
      disc.sopInstanceUids.push(instance.sopInstanceUid);
    }
  }
  return record('SERIES', { Modality: 'CT', SeriesInstanceUID: seriesInstanceUid, SeriesNumber: seriesNumber }, images);
}

/** A patient's CD: DICOMDIR, two CT series in IMAGES/ without extensions, a viewer and its litter; the DICOMDIR announces one image that is not there. */
export function dicomdirCd(options: { readonly seed?: Seed; readonly perSeries?: number } = {}): PatientCd {
  const { seed = 'cd', perSeries = 4 } = options;
  const studyInstanceUid = seededUid(seed, 'cd', 'study');
  const disc: Disc = { seed, studyInstanceUid, perSeries, files: [], announced: [], missing: [], sopInstanceUids: [] };
  const series = [1, 2].map((seriesNumber) => addSeries(disc, seriesNumber));
  const root = record('PATIENT', PATIENT, [record('STUDY', { ...STUDY, StudyInstanceUID: studyInstanceUid }, series)]);
  const { files, announced, missing, sopInstanceUids } = disc;
  return {
    files: [{ path: 'DICOMDIR', bytes: writeDicomdir([root], seed) }, ...files, ...litter()],
    announced,
    missing,
    studyInstanceUid,
    sopInstanceUids,
  };
}
