import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  createPrng,
  ctBatch,
  ctZip,
  FAMILY_NAMES,
  type GeneratedInstance,
  MEN,
  smallDataset,
  TransferSyntax,
  WOMEN,
  writePart10,
} from '@negatoscope/testkit';
import { BOUNDARY, type DataSet, type Queries, type SeriesUids } from '../support/data.ts';

/** Makes one set of data in a process of its own. Arguments: kind, count, folder. The folder appears when it is complete. */
const [kind = '', count = '0', folder = ''] = process.argv.slice(2);
const FRAME_BYTES = 512 * 512 * 2;

/** Ready STOW-RS bodies of so many instances each. */
class Bodies {
  readonly #draft: string;
  readonly #perRequest: number;
  readonly files: string[] = [];
  instances = 0;
  bytes = 0;
  #parts: Uint8Array[] = [];
  #waiting = 0;

  constructor(draft: string, perRequest: number) {
    this.#draft = draft;
    this.#perRequest = perRequest;
  }

  add(bytes: Uint8Array): void {
    this.#parts.push(Buffer.from(`\r\n--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`), bytes);
    this.instances += 1;
    this.bytes += bytes.length;
    this.#waiting += 1;
    if (this.#waiting === this.#perRequest) this.flush();
  }

  flush(): void {
    if (this.#waiting === 0) return;
    const name = `stow-${String(this.files.length).padStart(5, '0')}.bin`;
    writeFileSync(path.join(this.#draft, name), Buffer.concat([...this.#parts, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]));
    this.files.push(name);
    this.#parts = [];
    this.#waiting = 0;
  }
}

function group(instances: Iterable<GeneratedInstance>, take: (instance: GeneratedInstance) => void): SeriesUids[] {
  const series = new Map<string, SeriesUids>();
  for (const instance of instances) {
    const { studyInstanceUid: study, seriesInstanceUid: uid, sopInstanceUid } = instance;
    const known = series.get(uid) ?? { study, series: uid, instances: [] };
    known.instances.push(sopInstanceUid);
    series.set(uid, known);
    take(instance);
  }
  return [...series.values()];
}

/** 512 KiB CT instances, series of 100, as bodies of 10. */
function ct(draft: string, instances: number): Partial<DataSet> {
  const bodies = new Bodies(draft, 10);
  for (const { bytes } of ctBatch({ instances, seed: 'bench' })) bodies.add(bytes);
  bodies.flush();
  return { ...bodies };
}

/** 512 KiB CT instances, so many a series, as one ZIP. */
async function zipped(
  draft: string,
  instances: number,
  options: { perSeries?: number; seed: string },
): Promise<Partial<DataSet>> {
  const { sizeBytes } = await ctZip(path.join(draft, 'ct.zip'), { instances, ...options });
  return { zip: 'ct.zip', instances, bytes: sizeBytes };
}

/** Instances under 16 KiB, series of 100, as bodies of 50. */
function small(draft: string, instances: number): Partial<DataSet> {
  const bodies = new Bodies(draft, 50);
  for (const { bytes } of ctBatch({ instances, seed: 'bench-small', rows: 64, columns: 64 })) bodies.add(bytes);
  bodies.flush();
  return { ...bodies };
}

/** Three series of `long` images and five of `short`, their frames as files for nginx. */
function images(draft: string, long: number): Partial<DataSet> {
  const bodies = new Bodies(draft, 10);
  const short = Math.max(5, long / 5);
  mkdirSync(path.join(draft, 'frames'));
  const frames: string[] = [];
  const take = ({ bytes }: GeneratedInstance): void => {
    bodies.add(bytes);
    const name = `frames/${String(frames.length).padStart(5, '0')}.bin`;
    writeFileSync(path.join(draft, name), bytes.subarray(bytes.length - FRAME_BYTES));
    frames.push(name);
  };
  const series = [
    ...group(ctBatch({ instances: long * 3, perSeries: long, seed: 'bench-long' }), take),
    ...group(ctBatch({ instances: short * 5, perSeries: short, seed: 'bench-short' }), take),
  ];
  bodies.flush();
  return { ...bodies, frames, series };
}

/** One small instance a study, two studies a patient, over eleven years; and questions with about 2, 35 and 10 to 40 answers. */
function studies(draft: string, amount: number): Partial<DataSet> {
  const bodies = new Bodies(draft, 50);
  const random = createPrng('bench-studies');
  const day = (from: number): string =>
    new Date(Date.UTC(2015, 0, 1) + from * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  // Of two family names, plain letters only: the archives differ in what they make of accents and of ^ in a wildcard.
  const families = FAMILY_NAMES.filter((name) => /^[A-Z]{4,}$/.test(name));
  const names = Array.from(
    { length: Math.ceil(amount / 2) },
    () => `${random.pick(families)}-${random.pick(families)}^${random.pick([...MEN, ...WOMEN])}`,
  );
  for (let at = 0; at < amount; at += 1) {
    const patient = at >> 1;
    const dataset = {
      ...smallDataset(`study-${at}`, 'bench-studies'),
      PatientID: `B${String(patient).padStart(6, '0')}`,
      PatientName: names[patient] ?? '',
      PatientBirthDate: `19${10 + (patient % 90)}0${1 + (patient % 9)}1${patient % 10}`,
      StudyDate: day(random.integer(0, 3999)),
      StudyDescription: 'Thorax face',
      AccessionNumber: `ACC${at}`,
      Modality: random.pick(['CR', 'CT', 'MR', 'US']),
    };
    bodies.add(writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian }));
  }
  bodies.flush();
  const make = (text: () => string): string[] => Array.from({ length: 500 }, text);
  const queries: Queries = {
    patient: make(() => `PatientID=B${String(random.integer(0, (amount >> 1) - 1)).padStart(6, '0')}`),
    dates: make(() => {
      const from = random.integer(0, 3990);
      return `StudyDate=${day(from)}-${day(from + 6)}`;
    }),
    name: make(() => `PatientName=${random.pick(names).replace(/(-.{2}).*/, '$1*')}`),
  };
  return { ...bodies, queries };
}

const draft = `${folder}.draft`;
mkdirSync(draft, { recursive: true });
const makers = {
  ct: () => ct(draft, Number(count)),
  small: () => small(draft, Number(count)),
  images: () => images(draft, Number(count)),
  studies: () => studies(draft, Number(count)),
  series: () => zipped(draft, Number(count), { perSeries: Number(count), seed: 'bench-viewer' }),
  zip: () => zipped(draft, Number(count), { seed: 'bench' }),
};
const made: Partial<DataSet> = await makers[kind as keyof typeof makers](); // Named by support/data.ts alone.
writeFileSync(path.join(draft, 'manifest.json'), JSON.stringify(made));
renameSync(draft, folder);
