import { createHash } from 'node:crypto';
import { PREDICTION_FAILURES, type PredictionFailure, type PredictionWarning } from '@negatoscope/contract';
import {
  type DicomJsonObject,
  framePlanOf,
  mappingWindow,
  needsSeriesMapping,
  type RenderedFrame,
  renderPlanFor,
  seriesMappingOf,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import { type Service, scopeOf } from '../../access/index.ts';
import type { ArchiveReader } from '../../archive/doors.ts';
import {
  asFailure,
  bulkReader,
  createPixelSource,
  encodedFrame,
  type HeaderThread,
  type InstanceEntry,
  openLooseFile,
  type PixelSource,
  withFrameMemory,
} from '../../archive/pixels/index.ts';
import { filmsOf } from '../../archive/records/films.ts';
import { findStudies } from '../../archive/records/studies.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Scratch, ScratchReader } from '../../platform/objects/scratch/index.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import { gateOfHeader, isUnder, type KnownOf, knownOfStudy } from './gates.ts';
import { refusalOfSize } from './inference/judge.ts';
import type { Film } from './inference/messages.ts';
import type { Manifest } from './models/manifest.ts';
import type { Looked, PredictionRow } from './repository.ts';

export interface FilmTools {
  readonly db: ArchiveReader;
  readonly objects: GuardedObjects;
  /** Where uploads wait. */
  readonly uploads: Pick<Scratch, 'kept'>;
  readonly headers: HeaderThread;
}

/** A film that can be looked at, or why it can't. */
export interface PreparedFilm {
  readonly looked: Looked;
  readonly warnings: readonly PredictionWarning[];
  readonly film: Film | PredictionFailure;
}

export interface Films {
  /** The film of a prediction, past the gates of what is known of it. Fails with UNAVAILABLE where it is not the film's fault. */
  prepare(by: Service, row: PredictionRow, gates: Manifest['gates']): Promise<PreparedFilm>;
  /** A film of a study as the model was shown it, with its header; undefined where it has gone. Fails as the archive does. */
  shown(by: Service, film: { readonly studyId: string; readonly sopInstanceUid: string }): Promise<ShownFilm | undefined>;
}

export interface ShownFilm {
  readonly header: DicomJsonObject;
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly rows: number;
  readonly columns: number;
  /** Draws it. */
  picture(): Promise<RenderedFrame>;
}

const NOTHING_LOOKED: Looked = { seriesInstanceUid: null, sopInstanceUid: null, imageSha256: null };
/** What is wrong with the film itself; all else is tried again. */
const OF_FILM: Readonly<Partial<Record<Failure['code'], PredictionFailure>>> = {
  FRAME_UNREADABLE: 'IMAGE_UNREADABLE',
  NOT_ACCEPTABLE: 'IMAGE_UNREADABLE',
  OBJECT_DAMAGED: 'IMAGE_UNREADABLE',
  UNPROCESSABLE: 'TOO_LARGE',
  NOT_FOUND: 'IMAGE_GONE',
};

/** The film's fault by its code; rethrows what is none. */
function faultOf(error: unknown): PredictionFailure {
  const failure = asFailure(error);
  const code = failure instanceof Failure ? OF_FILM[failure.code] : undefined;
  if (code === undefined) throw error;
  return code;
}

/** The first frame as the model's card says: Modality LUT, the first window or VOI LUT, else from its least to its greatest value; nothing burned in. */
async function rendered(source: PixelSource, entry: InstanceEntry): Promise<RenderedFrame> {
  const { json, transferSyntaxUid } = await source.locator.headerOf(entry, 0);
  const isLossy = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isLossy ?? false;
  const plan = await framePlanOf(json, 0, bulkReader(source, entry), { isLossy });
  return withFrameMemory(source, entry, { frame: 0, isDecoded: true }, async () => {
    const encoded = await encodedFrame(source, entry, 0);
    const voi = needsSeriesMapping(plan)
      ? mappingWindow(seriesMappingOf([await source.codecs.measureFrame(encoded, plan)]))
      : plan.voi;
    return source.codecs.renderFrame(encoded, renderPlanFor(plan, voi));
  });
}

const pictureOf = ({ pixels, columns, rows, channels }: RenderedFrame): Film => ({
  kind: 'picture',
  pixels,
  width: columns,
  height: rows,
  channels,
});

interface Opened {
  readonly source: PixelSource;
  readonly entry: InstanceEntry;
  readonly looked: Looked;
}

/** A film as it is known, past the gates of its header and size. `isSentOn`: a physician has answered what may be answered. */
async function gated(
  { source, entry, looked }: Opened,
  known: KnownOf,
  { gates, isSentOn }: { gates: Manifest['gates']; isSentOn: boolean },
): Promise<PreparedFilm> {
  try {
    const { json } = await source.locator.header(entry);
    const { refusal, warnings } = gateOfHeader(json, known, gates);
    if (refusal !== undefined && !(isSentOn && PREDICTION_FAILURES[refusal].maySendOn))
      return { looked, warnings, film: refusal };
    const { rows, columns } = sizeOf(json);
    const tooFar = refusalOfSize(columns, rows, gates);
    return { looked, warnings, film: tooFar ?? pictureOf(await rendered(source, entry)) };
  } catch (error) {
    return { looked, warnings: [], film: faultOf(error) };
  }
}

const sizeOf = (json: Parameters<typeof gateOfHeader>[0]): { rows: number; columns: number } => {
  const number = (tag: string): number => Number(json[tag]?.Value?.[0] ?? 0);
  return { rows: number('00280010'), columns: number('00280011') };
};

/** The films of a study, the first that the gates of its header take before the others. */
async function ofStudy(
  { db, pixels }: { db: ArchiveReader; pixels: ReturnType<typeof createPixelSource> },
  by: Service,
  row: PredictionRow & { readonly study_id: string },
  gates: Manifest['gates'],
): Promise<PreparedFilm> {
  const scope = scopeOf(by);
  const { study_id: studyId, sop_instance_uid: sopInstanceUid } = row;
  const modalities = [...gates.modalities, 'OT'];
  const { films, study } = await db.reading(scope, async (tx) => {
    const films = await filmsOf(tx, scope, { studyId, sopInstanceUid, modalities });
    return { films, study: (await findStudies(tx, scope, [studyId]))[0] };
  });
  if (study === undefined || films.length === 0)
    return { looked: NOTHING_LOOKED, warnings: [], film: sopInstanceUid === null ? 'NO_FILM' : 'IMAGE_GONE' };
  let first: PreparedFilm | undefined;
  for (const film of films) {
    const { series_id: seriesId, version } = film;
    const entry = await pixels.tables.instance({ seriesId, version, scope }, film.sop_instance_uid).catch(faultOf);
    const uids = { seriesInstanceUid: film.series_instance_uid, sopInstanceUid: film.sop_instance_uid };
    const prepared: PreparedFilm =
      typeof entry === 'string'
        ? { looked: { ...uids, imageSha256: null }, warnings: [], film: entry }
        : await gated({ source: pixels, entry, looked: { ...uids, imageSha256: entry.sha256 } }, knownOfStudy(study), {
            gates,
            isSentOn: row.sent_on_from !== null,
          });
    if (typeof prepared.film !== 'string') return prepared;
    first ??= prepared;
  }
  return first ?? { looked: NOTHING_LOOKED, warnings: [], film: 'NO_FILM' };
}

async function wholeOf(reader: ScratchReader): Promise<Buffer> {
  const bytes = Buffer.alloc(reader.sizeBytes);
  for (let at = 0; at < bytes.length; ) {
    const count = await reader.read(bytes.subarray(at), at);
    if (count === 0) throw new Failure('FRAME_UNREADABLE');
    at += count;
  }
  return bytes;
}

/** What somebody sent: a DICOM file by the archive's pipeline, a picture by the process that reads it. */
async function ofUpload(
  { uploads, headers, pixels }: Pick<FilmTools, 'uploads' | 'headers'> & { pixels: ReturnType<typeof createPixelSource> },
  row: PredictionRow & { readonly upload_id: string },
  gates: Manifest['gates'],
): Promise<PreparedFilm> {
  const reader = await uploads.kept(row.upload_id);
  if (reader === undefined) return { looked: NOTHING_LOOKED, warnings: [], film: 'UPLOAD_EXPIRED' };
  try {
    const bytes = await wholeOf(reader);
    const looked: Looked = { ...NOTHING_LOOKED, imageSha256: createHash('sha256').update(bytes).digest() };
    const known: KnownOf = { birthDate: null, studyDate: null, ageYears: row.age_years };
    if (row.upload_type !== 'application/dicom') {
      const { refusal, warnings } = gateOfPicture(row.age_years, gates);
      return { looked, warnings, film: refusal ?? { kind: 'file', bytes } };
    }
    const read = async (offset: number, length: number): Promise<Buffer> => bytes.subarray(offset, offset + length);
    const opened = await openLooseFile({ id: row.upload_id, sizeBytes: bytes.length, read }, { codecs: pixels.codecs, headers });
    return await gated({ ...opened, looked }, known, { gates, isSentOn: row.sent_on_from !== null });
  } catch (error) {
    return { looked: NOTHING_LOOKED, warnings: [], film: faultOf(error) };
  } finally {
    await reader.close();
  }
}

function gateOfPicture(
  ageYears: number | null,
  gates: Manifest['gates'],
): { refusal: PredictionFailure | undefined; warnings: PredictionWarning[] } {
  if (ageYears === null) return { refusal: undefined, warnings: ['AGE_UNKNOWN'] };
  return { refusal: isUnder(ageYears, gates) ? 'UNDER_AGE' : undefined, warnings: [] };
}

async function shownOf(
  { db, pixels }: { db: ArchiveReader; pixels: ReturnType<typeof createPixelSource> },
  by: Service,
  { studyId, sopInstanceUid }: { readonly studyId: string; readonly sopInstanceUid: string },
): Promise<ShownFilm | undefined> {
  const scope = scopeOf(by);
  const [film] = await db.reading(scope, (tx) => filmsOf(tx, scope, { studyId, sopInstanceUid, modalities: [] }));
  if (film === undefined) return undefined;
  const { series_id: seriesId, version, series_instance_uid: seriesInstanceUid } = film;
  const entry = await pixels.tables.instance({ seriesId, version, scope }, sopInstanceUid);
  const { json: header } = await pixels.locator.header(entry);
  const { sopClassUid } = entry;
  return { header, seriesInstanceUid, sopClassUid, ...sizeOf(header), picture: () => rendered(pixels, entry) };
}

export function createFilms(tools: FilmTools): Films {
  const pixels = createPixelSource(tools);
  return {
    shown: (by, film) => shownOf({ ...tools, pixels }, by, film),
    prepare: async (by, row, gates) => {
      const { study_id, upload_id } = row;
      if (study_id !== null) return ofStudy({ ...tools, pixels }, by, { ...row, study_id }, gates);
      if (upload_id !== null) return ofUpload({ ...tools, pixels }, { ...row, upload_id }, gates);
      return { looked: NOTHING_LOOKED, warnings: [], film: 'IMAGE_GONE' };
    },
  };
}
