import { concat } from '@negatoscope/dicom';
import { takeEarly } from '../../api/early-answer.ts';
import { signedInAgain } from '../../api/session.ts';
import { type DicomJson, parseDatasets } from './dicom-json.ts';
import { DATASETS_ACCEPT, frameAccept, PARTS_ACCEPT, partsUrl, rangeOf, WHOLE_RANGE } from './frame-request.ts';
import { parseInPieces } from './in-pieces.ts';
import { parseFramePart } from './multipart.ts';
import { metadataUrl, type StudyRef, seriesListUrl, seriesUrl, studyUrl } from './study-url.ts';

export { frameUrl, instanceUrl, type StudyRef, seriesUrl } from './study-url.ts';

/** Why a request for a study, a series or a frame gave nothing. Codes are stable; texts live in i18n/fr/viewer.ts. */
export type DicomwebErrorCode =
  | 'SIGNED_OUT'
  | 'NOT_ALLOWED'
  | 'HELD_BACK'
  | 'NOT_FOUND'
  | 'DAMAGED'
  | 'SERVER'
  | 'NETWORK'
  | 'UNREADABLE'
  | 'TRUNCATED'
  | 'UNDECODABLE';

export class DicomwebError extends Error {
  readonly code: DicomwebErrorCode;
  /** HTTP status when there was an answer. */
  readonly status: number | undefined;

  constructor(code: DicomwebErrorCode, status?: number, cause?: unknown) {
    super(status === undefined ? code : `${code} (HTTP ${status})`, { cause });
    this.name = 'DicomwebError';
    this.code = code;
    this.status = status;
  }
}

/** The study in OHIF, in the partition that is meant. */
export function ohifUrl({ studyInstanceUid, groupId }: StudyRef): string {
  const group = groupId === undefined ? '' : `&group=${encodeURIComponent(groupId)}`;
  return `/viewer/viewer?StudyInstanceUIDs=${encodeURIComponent(studyInstanceUid)}${group}`;
}

/** Whether a refusal names this reason. */
async function isBecause(response: Response, code: 'HELD_BACK' | 'OBJECT_DAMAGED'): Promise<boolean> {
  const problem: unknown = await response.json().catch(() => undefined);
  return typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === code;
}

async function codeOf(response: Response): Promise<DicomwebErrorCode> {
  const { status } = response;
  if (status === 401) return 'SIGNED_OUT';
  // Pixels that may name the patient, to who sees pseudonyms.
  if (status === 403) return (await isBecause(response, 'HELD_BACK')) ? 'HELD_BACK' : 'NOT_ALLOWED';
  if (status === 503) return (await isBecause(response, 'OBJECT_DAMAGED')) ? 'DAMAGED' : 'SERVER';
  if (status === 404 || status === 410) return 'NOT_FOUND';
  return 'SERVER';
}

interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** False for what is fetched ahead of the reader: the browser sends it after the rest. */
  readonly isUrgent?: boolean | undefined;
  /** Only these bytes (RFC 9110 14.2), of a representation with this validator where one is named. */
  readonly range?: string;
  readonly ifRange?: string;
  /** Nothing of it is left with the browser. */
  readonly isNotKept?: true;
}

function send(url: string, accept: string, options: RequestOptions): Promise<Response> {
  const { signal, isUrgent, range, ifRange, isNotKept } = options;
  const ask = (): Promise<Response> =>
    fetch(url, {
      headers: {
        Accept: accept,
        ...(range !== undefined && { Range: range }),
        ...(ifRange !== undefined && { 'If-Range': ifRange }),
      },
      credentials: 'same-origin',
      ...(isNotKept && { cache: 'no-store' }),
      ...(signal && { signal }),
      ...(isUrgent !== undefined && { priority: isUrgent ? 'high' : 'low' }),
    });
  const early = range === undefined || range === WHOLE_RANGE ? takeEarly(url, signal) : undefined;
  // What could not be asked for early is asked for now.
  const asked =
    early === undefined ? ask() : early.catch((reason: unknown) => (signal?.aborted === true ? Promise.reject(reason) : ask()));
  return asked.catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new DicomwebError('NETWORK', undefined, cause);
  });
}

/** A session that ends costs nothing that is on its way: it is asked for once more when the session is renewed, or somebody has signed in again. */
async function request(url: string, accept: string, options: RequestOptions = {}): Promise<Response> {
  let response = await send(url, accept, options);
  if (response.status === 401 && (await signedInAgain(options.signal))) {
    await response.body?.cancel();
    response = await send(url, accept, options);
  }
  if (!response.ok) throw new DicomwebError(await codeOf(response), response.status);
  return response;
}

/** The pieces of an answer. Fails with UNREADABLE as soon as they are more than `most` bytes, of which no more is fetched. */
async function* shortPieces(response: Response, most: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  let total = 0;
  for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
    total += piece.value.length;
    if (total > most) {
      void reader?.cancel().catch(() => undefined);
      throw new DicomwebError('UNREADABLE', response.status);
    }
    yield piece.value;
  }
}

async function shortText(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of shortPieces(response, most)) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

async function shortBytes(response: Response, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of shortPieces(response, most)) pieces.push(piece);
  return concat(pieces);
}

interface DatasetOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longer answers are not read, bytes. */
  readonly most?: number | undefined;
}

async function fetchDatasets(url: string, { signal, most }: DatasetOptions = {}): Promise<DicomJson[]> {
  const response = await request(url, DATASETS_ACCEPT, { signal });
  if (response.status === 204) return [];
  const read = async (): Promise<unknown> =>
    parseInPieces(await (most === undefined ? response.text() : shortText(response, most)));
  const body = await read().catch((cause: unknown) => {
    throw cause instanceof DicomwebError ? cause : new DicomwebError('UNREADABLE', response.status, cause);
  });
  return parseDatasets(body);
}

/** QIDO-RS series of a study (PS3.18 10.6). */
export const fetchSeriesList = (study: StudyRef, signal?: AbortSignal): Promise<DicomJson[]> =>
  fetchDatasets(seriesListUrl(study), { signal });

/** WADO-RS metadata of all instances of a series (PS3.18 10.4.1.1.2). */
export const fetchSeriesMetadata = (
  study: StudyRef,
  seriesInstanceUid: string,
  options: DatasetOptions = {},
): Promise<DicomJson[]> => fetchDatasets(metadataUrl(study, seriesInstanceUid), options);

/** QIDO-RS instances of a series (PS3.18 10.6), with their transfer syntax. */
export const fetchInstanceList = (study: StudyRef, seriesInstanceUid: string): Promise<DicomJson[]> =>
  fetchDatasets(`${seriesUrl(study, seriesInstanceUid)}/instances?includefield=00083002`);

/** QIDO-RS instances of a study (PS3.18 10.6) of one SOP Class; a hundred at most. */
export const fetchInstancesOfClass = (study: StudyRef, sopClassUid: string): Promise<DicomJson[]> =>
  fetchDatasets(`${studyUrl(study)}/instances?SOPClassUID=${sopClassUid}&limit=100`);

/** What an instance is when it is no image. */
export interface DocumentStart {
  /** `application/pdf`, `video/mp4`, …; undefined for what has no rendered form. */
  readonly mediaType: string | undefined;
  /** Whether a PDF is one by its first bytes (ISO 32000-1 7.5.2, and its annex on headers that come late). */
  readonly isPdf: boolean;
}

const START_BYTES = 1024;

/** Looks at the beginning of the rendered form of an instance (PS3.18 10.4.1.1.3), before anything is shown of it. */
export async function fetchDocumentStart(url: string, signal: AbortSignal): Promise<DocumentStart> {
  const accept = 'application/pdf, video/*';
  const range = `bytes=0-${START_BYTES - 1}`;
  const response = await request(`${url}/rendered`, accept, { signal, range }).catch((error: unknown) => {
    if (error instanceof DicomwebError && error.status === 406) return undefined;
    throw error;
  });
  if (response === undefined) return { mediaType: undefined, isPdf: false };
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // A server may send all of it; the first piece is enough.
  const reader = response.body?.getReader();
  const first = await reader?.read().catch(() => undefined);
  void reader?.cancel().catch(() => undefined);
  const head = new TextDecoder('latin1').decode(first?.value?.subarray(0, START_BYTES));
  return { mediaType, isPdf: mediaType === 'application/pdf' && head.includes('%PDF-') };
}

export interface FrameBytes {
  readonly bytes: Uint8Array;
  readonly transferSyntaxUid: string;
}

export interface FrameOptions extends RequestOptions {
  readonly transferSyntaxUid?: string;
  /** Longer answers are not read, bytes. */
  readonly most?: number | undefined;
}

/** WADO-RS of one frame (PS3.18 10.4.1.1.6): as stored, in its own transfer syntax, unless another one is asked for. */
export async function fetchFrame(url: string, options: FrameOptions = {}): Promise<FrameBytes> {
  const response = await request(url, frameAccept(options.transferSyntaxUid), options);
  const { most } = options;
  const read = async (): Promise<Uint8Array> =>
    most === undefined ? new Uint8Array(await response.arrayBuffer()) : shortBytes(response, most);
  const body = await read().catch((cause: unknown) => {
    if (options.signal?.aborted === true || cause instanceof DicomwebError) throw cause;
    throw new DicomwebError('NETWORK', response.status, cause);
  });
  const part = parseFramePart(response.headers.get('content-type') ?? '', body);
  if (part === undefined) throw new DicomwebError('UNREADABLE', response.status);
  return part;
}

/** Some bytes of a frame's form for slow lines. */
export interface FramePiece {
  /** Where the bytes begin in the whole. */
  readonly from: number;
  /** Where they end: before the whole does, where less was asked for, or was sent ahead. */
  readonly end: number;
  /** Bytes of the whole. */
  readonly total: number;
  readonly etag: string;
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * The form of a grey frame of which every beginning is a picture, from a byte on up to before another; all of it, from its beginning, where `etag` is
 * not its validator any more. Rejects with status 406 for frames without that form.
 */
export async function fetchFramePiece(
  url: string,
  { from, end, etag }: { readonly from: number; readonly end: number | undefined; readonly etag: string | undefined },
  options: Pick<RequestOptions, 'signal' | 'isUrgent'>,
): Promise<FramePiece> {
  const response = await request(partsUrl(url), PARTS_ACCEPT, {
    ...options,
    range: rangeOf(from, end),
    isNotKept: true,
    ...(etag !== undefined && { ifRange: etag }),
  });
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  const isPart = response.status === 206 && found !== null;
  const length = Number(response.headers.get('content-length'));
  const [start, until, total] = isPart ? [Number(found[1]), Number(found[2]) + 1, Number(found[3])] : [0, length, length];
  const validator = response.headers.get('etag');
  if (response.body === null || validator === null || !(total > 0) || start > from)
    throw new DicomwebError('UNREADABLE', response.status);
  return { from: start, end: until, total, etag: validator, body: response.body };
}

/** What stands around the one part of an answer, bytes. */
const AROUND_PART = 4096;

/**
 * Bytes of an attribute that the metadata only refer to (PS3.18 F.2.6), no more than `most`: UNREADABLE where it is longer. Only this origin's DICOMweb is
 * asked: of an absolute address the path counts, since a server behind a proxy may name a host of its own.
 */
export async function fetchBulkData(uri: string, most?: number): Promise<Uint8Array> {
  const { pathname, search } = new URL(uri, window.location.origin);
  if (!pathname.startsWith('/dicom-web/')) throw new DicomwebError('UNREADABLE');
  const { bytes } = await fetchFrame(`${pathname}${search}`, most === undefined ? {} : { most: most + AROUND_PART });
  if (bytes.length > (most ?? bytes.length)) throw new DicomwebError('UNREADABLE');
  return bytes;
}

/** One frame as a picture that the browser draws (PS3.18 10.4.1.1.7). */
export async function fetchRenderedFrame(url: string, accept: 'image/png' | 'image/jpeg', signal: AbortSignal): Promise<Blob> {
  const response = await request(url, accept, { signal });
  return response.blob().catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new DicomwebError('NETWORK', response.status, cause);
  });
}
