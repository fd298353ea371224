import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type DicomJsonObject,
  type EncodedFrame,
  type FramePlan,
  framePlanOf,
  jsonNumber,
  locateFrames,
  mappingWindow,
  needsSeriesMapping,
  overlaysOf,
  type RenderedFrame,
  readJpegHeader,
  renderPlanFor,
  seriesMappingOf,
  swapWords,
  TRANSFER_SYNTAXES,
  type Voi,
  type Window,
} from '@negatoscope/dicom';
import { alignBits } from '../../src/archive/pixels/stored-frames.ts';
import type { CodecPool } from '../../src/platform/codecs/pool.ts';
import { frameOfFile, TEST_DATA } from '../../src/platform/codecs/test-frames.ts';
import { DIFFERENT, NOT_THEIRS } from './dcmtk-expected.ts';
import { inflatedOf, parse } from './transcoding-support.ts';

/** How a frame of ours compares with DCMTK's: the greatest distance of a byte, padding apart, or why there is nothing to compare. */
export type Verdict =
  | {
      readonly kind: 'compared';
      readonly worst: number;
      readonly differing: number;
      readonly pixels: number;
      readonly padding: number;
    }
  | { readonly kind: 'theirs missing' }
  | { readonly kind: 'ours missing'; readonly reason: string };

const TOOLS: Readonly<Record<string, string>> = { 'image/jpeg': 'dcmj2pnm', 'image/jls': 'dcml2pnm' };
export const hasPictureTools = ['dcm2pnm', 'dcmj2pnm', 'dcml2pnm'].every((tool) => existsSync(`/usr/bin/${tool}`));

/** A window in what DCMTK takes for modality values: it knows the rescale of the dataset only when both its numbers are there, and no dose. */
function theirWindow(json: DicomJsonObject, { modality }: FramePlan, { center, width, shape }: Window): string[] {
  const half = shape === 'linear' ? (width - 1) / 2 : width / 2;
  let [low, high] = shape === 'linear' ? [center - 0.5 - half, center - 0.5 + half] : [center - half, center + half];
  const isKnown =
    json['00283000'] !== undefined || (jsonNumber(json, '00281052') !== undefined && jsonNumber(json, '00281053') !== undefined);
  if (modality.kind === 'rescale' && (!isKnown || jsonNumber(json, '3004000E') !== undefined)) {
    const [slope, intercept] = isKnown
      ? [modality.slope / (jsonNumber(json, '00281053') ?? 1), modality.intercept]
      : [modality.slope, modality.intercept];
    [low, high] = [(low - intercept) / slope, (high - intercept) / slope];
  }
  return ['+Ww', String((low + high) / 2 + 0.5), String(high - low + 1)];
}

/** Options of DCMTK that ask for the same window or table; the stored one by its number, so that its reading of it is compared too. */
function optionsFor(json: DicomJsonObject, plan: FramePlan, voi: Voi | undefined): string[] {
  if (plan.kind !== 'gray' || voi === undefined) return [];
  const [place, number = '1'] = plan.choices[0]?.id.split('-') ?? [];
  if (voi.kind === 'table') return ['+Wl', number];
  const isOfDataset = place === 'window' && json['00281050'] !== undefined && json['52009230'] === undefined;
  const isPlain = voi.shape !== 'linear-exact' && json['00281053'] !== undefined && json['00281052'] !== undefined;
  if (isOfDataset && isPlain) return ['+Wi', number, ...(voi.shape === 'sigmoid' ? ['+Wfs'] : [])];
  if (voi.shape === 'sigmoid') return ['+Wfs', '+Ww', String(voi.center), String(voi.width)];
  return theirWindow(json, plan, voi);
}

interface Picture {
  readonly data: Uint8Array;
  readonly channels: number;
}

/** Binary PGM or PPM of 8 bits. */
function readPnm(file: string): Picture | undefined {
  const bytes = readFileSync(file);
  const head = /^P([56])\s+(?:#.*\n)*(\d+)\s+(\d+)\s+(\d+)\s/.exec(bytes.subarray(0, 200).toString('latin1'));
  return head === null ? undefined : { data: bytes.subarray(head[0].length), channels: head[1] === '6' ? 3 : 1 };
}

function byDcmtk(file: string, mediaType: string, frame: number, options: readonly string[]): Picture | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-picture-'));
  try {
    const out = path.join(folder, 'out.pnm');
    const args = ['-q', '+F', String(frame + 1), ...options, path.join(TEST_DATA, file), out];
    execFileSync(TOOLS[mediaType] ?? 'dcm2pnm', args, { stdio: 'ignore', timeout: 60_000 });
    return readPnm(out);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** DCMTK writes the rows of a tile that was cut at the edge of a slide one after the other, whatever Columns says: each to its own row. */
function relaid(theirs: Picture, { bytes, rows, columns, lastTile, transferSyntaxUid }: EncodedFrame): Picture {
  if (lastTile === undefined || TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType !== 'image/jpeg') return theirs;
  const [from, to] = [readJpegHeader(bytes).columns, columns].map((width) => width * theirs.channels);
  if (from === undefined || to === undefined || from === to) return theirs;
  const data = new Uint8Array(rows * to);
  for (let row = 0; row < rows; row += 1) data.set(theirs.data.subarray(row * from, (row + 1) * from), row * to);
  return { ...theirs, data };
}

function compare(ours: RenderedFrame, theirs: Picture, hasPadding: boolean): Verdict {
  const pixels = ours.rows * ours.columns;
  let [worst, differing, padding] = [0, 0, 0];
  for (let i = 0; i < pixels; i += 1) {
    let most = 0;
    for (let c = 0; c < 3; c += 1) {
      const a = ours.pixels[i * ours.channels + Math.min(c, ours.channels - 1)] ?? 0;
      most = Math.max(most, Math.abs(a - (theirs.data[i * theirs.channels + Math.min(c, theirs.channels - 1)] ?? -999)));
    }
    // DCMTK shows padding as values.
    if (most > 0 && hasPadding && ours.pixels[i] === 0) padding += 1;
    else if (most > 0) differing += 1;
    if (!(hasPadding && ours.pixels[i] === 0)) worst = Math.max(worst, most);
  }
  return { kind: 'compared', worst, differing, pixels, padding };
}

/** Frames of a file, as the pipeline of `/rendered` makes them before scaling and PNG, and as DCMTK does. `limit`: first, middle and last at most. */
export async function comparePictures(pool: CodecPool, file: string, limit = Number.POSITIVE_INFINITY): Promise<Verdict[]> {
  const bytes = readFileSync(path.join(TEST_DATA, file));
  const parsed = parse(bytes);
  const { json, transferSyntaxUid } = parsed;
  const table = locateFrames(parsed, bytes, { inflateRaw: inflatedOf });
  const { count } = table;
  const readBulk = async (uri: string): Promise<Uint8Array> => {
    const [, offset = '0', length = '0', swap] = uri.split(':');
    const source = uri.endsWith('inflated') ? inflatedOf(bytes.subarray(parsed.datasetOffset)) : bytes;
    const value = source.subarray(Number(offset), Number(offset) + Number(length));
    return swap?.startsWith('be') === true ? swapWords(value, Number(swap.slice(2))) : value;
  };
  const isLossy = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isLossy ?? false;
  const planOf = (frame: number): Promise<FramePlan> => framePlanOf(json, frame, readBulk, { isLossy });
  const ends = [...new Set([0, Math.floor(count / 2), count - 1])];
  const encoded = (frame: number): EncodedFrame => {
    const read = frameOfFile(file, frame);
    if (table.kind !== 'packed-bits') return read;
    return { ...read, bytes: alignBits(Buffer.from(read.bytes), frame * table.frameBits, table.frameBits) };
  };
  const measured = async () =>
    mappingWindow(
      seriesMappingOf(await Promise.all(ends.map(async (frame) => pool.measureFrame(encoded(frame), await planOf(frame))))),
    );
  const verdicts: Verdict[] = [];
  for (const frame of count > limit ? ends : Array.from({ length: count }, (_, index) => index)) {
    try {
      const plan = await planOf(frame);
      const voi = plan.voi ?? (needsSeriesMapping(plan) ? await measured() : undefined);
      const overlays = await overlaysOf(json, frame, readBulk);
      const ours = await pool.renderFrame(encoded(frame), renderPlanFor(plan, voi, overlays));
      const mediaType = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType ?? '';
      const theirs = byDcmtk(file, mediaType, frame, optionsFor(json, plan, voi));
      const laid = theirs && relaid(theirs, encoded(frame));
      verdicts.push(laid === undefined ? { kind: 'theirs missing' } : compare(ours, laid, plan.padding !== undefined));
    } catch (error) {
      verdicts.push({ kind: 'ours missing', reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return verdicts;
}

const WITHIN = 1;

/** What is unexpected in how the pictures of these files compare, one line each; what is expected and did not happen as well. */
export async function unexpected(
  pool: CodecPool,
  files: readonly string[],
  limit?: number,
): Promise<{ compared: number; lines: string[] }> {
  const lines: string[] = [];
  let compared = 0;
  for (const file of files) {
    const verdicts = await comparePictures(pool, file, limit).catch((): Verdict[] => []);
    const pairs = verdicts.filter((verdict) => verdict.kind === 'compared');
    compared += pairs.length;
    const worst = pairs.reduce((most, one) => Math.max(most, one.worst), 0);
    const isDifferent = worst > WITHIN;
    if (isDifferent !== file in DIFFERENT) lines.push(`${file}: ${worst} gray levels apart`);
    const isMissing = verdicts.some(({ kind }) => kind === 'theirs missing');
    if (isMissing !== file in NOT_THEIRS) lines.push(`${file}: DCMTK made ${pairs.length} of ${verdicts.length} pictures`);
    const isRefused = verdicts.some(({ kind }) => kind === 'ours missing') && !file.startsWith('broken/');
    if (isRefused) lines.push(`${file}: refused a frame`);
  }
  return { compared, lines };
}
