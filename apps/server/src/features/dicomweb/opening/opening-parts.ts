import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { OpeningForm, OpeningFrame, OpeningLine, OpeningWish } from '@negatoscope/contract';
import { firstToHang, haveImages, parseDatasets, seriesOf } from '@negatoscope/dicom';
import type { Actor } from '../../../access/index.ts';
import { isStoredLarge } from '../../../archive/pixels/index.ts';
import { holdBytes } from '../../../platform/sending/held-bytes.ts';
import { wholeFrame } from '../frames/frames-route.ts';
import { progressiveFrame } from '../frames/progressive-route.ts';
import { seriesInView } from '../metadata/metadata-route.ts';
import { found } from '../qido/search-route.ts';
import type { Params } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import type { First, FirstFrames } from './first-frames.ts';

const gzipAsync = promisify(gzip);
const MIN_PACKED_BYTES = 1024;

/** Who opens which study, and how. */
export interface Opening {
  readonly actor: Actor;
  readonly params: Params;
  /** Of the search for its series. */
  readonly keys: URLSearchParams;
  /** Root of the addresses in the answers. */
  readonly base: string;
  /** The series that is asked for; undefined hangs what is looked at first. */
  readonly at: string | undefined;
  /** How its first frame is wanted; undefined wants none. */
  readonly form: OpeningWish | undefined;
}

/** The series of a study as QIDO-RS tells of them, and which of them hangs first. */
export interface FoundSeries {
  readonly text: Buffer;
  readonly first: string | undefined;
  readonly hasImages: boolean;
}

/** Searches for the series of the study, as their own address does. */
export async function foundSeries(web: Dicomweb, { actor, params, keys, base, at }: Opening): Promise<FoundSeries> {
  const { answer } = await found(web, actor, { level: 'series', params, keys, base }, 'json');
  const text = 'json' in answer ? answer.json : '[]';
  const list = seriesOf(parseDatasets(JSON.parse(text)));
  return { text: Buffer.from(text), first: firstToHang(list, at), hasImages: haveImages(list) };
}

const lineOf = (line: OpeningLine): Buffer => Buffer.from(`${JSON.stringify(line)}\n`);

interface MadeFrame {
  /** All of it, or its beginning. */
  readonly bytes: Buffer;
  /** Of the whole. */
  readonly total: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Offered {
  readonly frame: OpeningFrame;
  /** Undefined where it is to be asked for at its own address. */
  readonly making: Promise<MadeFrame> | undefined;
}

/** Begins to make the frame, by the rules and the audit of its own address. */
async function offered(web: Dicomweb, { actor, params, form: asked }: Opening, series: string, first: First): Promise<Offered> {
  const { sopInstanceUid, frameNumber, beginning } = first;
  const path = { ...params, series, instance: sopInstanceUid, frames: String(frameNumber) };
  const named = (form: OpeningForm, making?: Promise<MadeFrame>): Offered => {
    making?.catch(() => undefined);
    return { frame: { sopInstanceUid, frameNumber, form, isHere: making !== undefined }, making };
  };
  const inParts = asked !== 'stored' && beginning !== undefined ? await progressiveFrame(web, actor, path) : undefined;
  if (inParts !== undefined && isStoredLarge(inParts.entry.transferSyntaxUid))
    return named(
      'progressive',
      inParts.make().then(({ bytes, headers }) => ({
        bytes: bytes.subarray(0, asked === 'beginning' ? beginning : undefined),
        total: bytes.length,
        headers,
      })),
    );
  const stored = await wholeFrame(web, actor, path);
  return stored === undefined
    ? named('stored')
    : named(
        'stored',
        Promise.resolve({ bytes: stored.body, total: stored.body.length, headers: { 'content-type': stored.contentType } }),
      );
}

async function* frameParts(web: Dicomweb, { form }: OpeningFrame, { bytes, total, headers }: MadeFrame): AsyncGenerator<Buffer> {
  const isRange = form === 'progressive';
  const range = isRange && { 'content-range': `bytes 0-${bytes.length - 1}/${total}` };
  yield lineOf({
    ...{ part: 'frame', status: isRange ? 206 : 200, headers: { ...headers, ...range } },
    ...{ length: bytes.length, isPacked: false },
  });
  const held = await holdBytes(web.scratch, bytes);
  try {
    yield* held.pieces();
  } finally {
    await held.end();
  }
}

async function* seriesParts(web: Dicomweb, wish: Opening, firstFrames: FirstFrames, series: string): AsyncGenerator<Buffer> {
  const { actor, params, base } = wish;
  const { first, view } = await seriesInView(web, actor, { ...params, series });
  const metadata = await web.metadata.series({ series: first, view, base });
  if ('texts' in metadata) {
    // Of a series that is too long to be held its own address sends instance after instance.
    await metadata.texts.return(undefined);
    return;
  }
  const { held } = metadata;
  const packing = held.gzip();
  const shown = wish.form === undefined ? undefined : await firstFrames(web.metadata.etag(first, view), held);
  const offer = shown && (await offered(web, wish, series, shown).catch(() => undefined));
  const bytes = (await packing) ?? held.json;
  yield lineOf({ part: 'metadata', frame: offer?.frame ?? null, length: bytes.length, isPacked: packing !== undefined });
  yield bytes;
  if (offer?.making !== undefined) yield* frameParts(web, offer.frame, await offer.making);
}

/** The parts of the answer, one after the other. What fails behind the first is left out: whoever waits for it asks at its own address, which tells the reason. */
export async function* openingParts(
  web: Dicomweb,
  wish: Opening,
  firstFrames: FirstFrames,
  { text, first, hasImages }: FoundSeries,
): AsyncGenerator<Buffer> {
  const isPacked = text.length >= MIN_PACKED_BYTES;
  const bytes = isPacked ? await gzipAsync(text, { level: 4 }) : text;
  yield lineOf({ part: 'series', seriesInstanceUid: first ?? null, hasImages, length: bytes.length, isPacked });
  yield bytes;
  if (first === undefined) return;
  try {
    yield* seriesParts(web, wish, firstFrames, first);
  } catch {
    // The answer ends here.
  }
}
