import type { Dataset } from '../part10/dataset.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { ctVolume } from '../phantom/ct.ts';
import type { GeneratedInstance } from '../phantom/instance.ts';
import { type Seed, seededUid } from '../prng.ts';
import { type RecordNode, writeDicomdir } from './write-dicomdir.ts';

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
