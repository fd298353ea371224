import {
  drawingHeight,
  durationOf,
  type FoundGroup,
  isTwelveLead,
  USUAL_SCALE,
  type WaveformGroup,
  waveformGroupsOf,
  waveformSvg,
} from '@negatoscope/dicom';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../../access/index.ts';
import { encodeDrawing, PICTURE_TYPES, waveformTraces } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { acceptedRanges, type MediaRange, matchesType } from '../accept.ts';
import { notModified, requireIdentity, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import type { Http } from './rendered-document.ts';
import { parseRenderedParams } from './rendered-params.ts';
import type { Found } from './shown.ts';

const SVG = 'image/svg+xml';
/** What is on the first sheet of paper. */
const SECONDS = 10;
const DOTS_AN_INCH = 120;
const MM_AN_INCH = 25.4;
/** More pixels a side are no picture of any format. */
const MOST_PIXELS = 16_000;
/** Of all channels together. */
const MOST_RUNS = 120_000;

/** The first group that can be drawn. Fails with NOT_ACCEPTABLE, and says why none can. */
export function drawableGroup(groups: readonly FoundGroup[]): { readonly index: number; readonly group: WaveformGroup } {
  for (const one of groups) if (one.kind === 'group' && one.group.samples > 0) return one;
  const refused = groups.find((one) => one.kind === 'refused');
  const why = refused?.kind === 'refused' ? refused.problem : 'NO_DATA';
  throw new Failure('NOT_ACCEPTABLE', { detail: `This waveform can not be drawn: ${why}.` });
}

const likes = (ranges: readonly MediaRange[], type: string): number => ranges.findIndex((range) => matchesType(range, type));

/** SVG where it is liked as well as a picture, or better. */
function isSvgWanted(ranges: readonly MediaRange[]): boolean {
  const svg = likes(ranges, SVG);
  return svg >= 0 && PICTURE_TYPES.every((type) => likes(ranges, type) < 0 || likes(ranges, type) >= svg);
}

interface Sheet {
  readonly svg: string;
  /** Dots an inch: fewer of one that is high. */
  readonly density: number;
}

async function sheetOf(web: Dicomweb, { entry }: Found): Promise<Sheet> {
  const { index, group } = drawableGroup(waveformGroupsOf((await web.locator.header(entry)).json));
  const seconds = Math.min(SECONDS, durationOf(group));
  const count = Math.max(1, Math.round(seconds * group.frequency));
  const traces = await waveformTraces(web, entry, {
    index,
    group,
    from: 0,
    count,
    runs: Math.ceil(MOST_RUNS / group.channels.length),
  });
  const layout = isTwelveLead(group) ? 'standard' : 'rows';
  // A single sample of a frequency that is next to nothing would be paper around the earth.
  const window = { from: 0, seconds: Math.min(SECONDS, count / group.frequency) };
  const svg = waveformSvg({ group, traces, window, scale: USUAL_SCALE, layout });
  const most = Math.floor((MOST_PIXELS * MM_AN_INCH) / drawingHeight(group, layout));
  return { svg, density: Math.max(1, Math.min(DOTS_AN_INCH, most)) };
}

/** The beginning of a waveform on calibrated paper (PS3.18 8.7.4): as SVG in millimetres, or as a picture of it. */
export async function sendWaveform(web: Dicomweb, actor: Actor, found: Found, { request, reply }: Http): Promise<FastifyReply> {
  requireIdentity(actor);
  const search = searchOf(request);
  const ranges = acceptedRanges(request, search);
  const isSvg = isSvgWanted(ranges);
  const params = isSvg ? undefined : parseRenderedParams(search, ranges);
  await web.use(actor, found.series, 'rendered');
  const viewport = params?.viewport;
  const form = params === undefined ? 'svg' : [params.type.slice(6), params.quality, viewport?.width, viewport?.height].join('.');
  void reply.header('vary', 'accept');
  if (notModified(request, reply, `"${found.entry.key}-wave-${form}"`)) return reply.code(304).send();
  const { svg, density } = await sheetOf(web, found);
  if (params === undefined) return reply.header('content-type', SVG).send(svg);
  return reply.header('content-type', params.type).send(await encodeDrawing(svg, density, params));
}
