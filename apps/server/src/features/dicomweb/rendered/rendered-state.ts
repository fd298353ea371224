import { canApply, notDrawn, type PresentationState, presentationStateOf, refersTo, withLongLines } from '@negatoscope/dicom';
import type { FastifyReply } from 'fastify';
import { type Actor, sharerOf } from '../../../access/index.ts';
import {
  bulkReader,
  type InstanceEntry,
  isImage,
  type RenderTask,
  renderKey,
  type SeriesHandle,
} from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { notModified, requireIdentity } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import type { Http } from './rendered-document.ts';
import type { RenderedParams } from './rendered-params.ts';
import type { Found } from './shown.ts';

/** References that are looked for until one is here. */
const MAX_TRIED = 64;

const not = (detail: string): Failure => new Failure('NOT_ACCEPTABLE', { detail });

/** The presentation state of an instance. Fails with NOT_ACCEPTABLE for kinds that can't be applied, and for one that is too long to be read whole. */
export async function stateOf(web: Dicomweb, entry: InstanceEntry): Promise<PresentationState> {
  const { json } = await web.locator.header(entry);
  const state = presentationStateOf(await withLongLines(json, bulkReader(web, entry)));
  if (state === undefined || state.kind === 'other') throw not('This kind of presentation state can not be drawn.');
  if (!(await web.locator.isWhole(entry))) throw not('This presentation state is too long to be drawn.');
  if (!canApply(state)) throw not('This presentation state refers to no image.');
  return state;
}

/** Whether an image has a frame, from 0: what a state says of it may be any number. */
const hasFrame = ({ frames }: Pick<InstanceEntry, 'frames'>, frame: number): boolean =>
  Number.isInteger(frame) && frame >= 0 && frame < frames;

interface Referenced {
  readonly series: SeriesHandle;
  readonly entry: InstanceEntry;
  /** From 0. */
  readonly frame: number;
}

/** The first image and frame that a state refers to, of those that are in its study and that this actor may see (PS3.3 C.11.11). */
async function firstReferenced(web: Dicomweb, actor: Actor, found: Found, state: PresentationState): Promise<Referenced> {
  const ofStudy = new Map((await web.handles.allSeries(found.series)).map((one) => [one.seriesInstanceUid, one]));
  for (const { seriesInstanceUid, sopInstanceUid, frames } of state.references.slice(0, MAX_TRIED)) {
    const series = ofStudy.get(seriesInstanceUid ?? '');
    const entry = series && (await web.tables.load(series)).bySopInstanceUid.get(sopInstanceUid);
    const frame = (frames[0] ?? 1) - 1;
    if (series === undefined || entry === undefined || !isImage(entry) || !hasFrame(entry, frame)) continue;
    if (await web.heldBack.isShown(actor, entry)) return { series, entry, frame };
  }
  throw not('None of the images that this presentation state refers to is here.');
}

/** What of a state is not in its picture, for who asked. */
function warn(reply: FastifyReply, { state: { state }, image: { entry, frame }, params: { ignored } }: ByState): void {
  const { sopInstanceUid, rows, columns } = entry;
  const shown = { sopInstanceUid, frameNumber: frame + 1, rows: rows ?? 1, columns: columns ?? 1 };
  const left = [...state.notes, ...notDrawn(state, shown), ...ignored];
  if (left.length > 0) void reply.header('warning', `299 negatoscope "Not followed in this picture: ${left.join(', ')}"`);
}

/** A frame of an image, and the state by which it is drawn. */
export interface ByState {
  readonly state: { readonly entry: InstanceEntry; readonly state: PresentationState };
  readonly image: Referenced;
  readonly params: RenderedParams;
}

/** Answers with a frame as a presentation state has it. */
export async function sendByState(web: Dicomweb, actor: Actor, by: ByState, { request, reply }: Http) {
  const { state, image, params } = by;
  // The state says which part is shown: a second choice would be of another picture.
  if (params.viewport?.region !== undefined)
    throw new Failure('BAD_REQUEST', { detail: 'A presentation state has a displayed area of its own: no region goes with it.' });
  if ((await web.objects.isDamaged(state.entry.id)) || (await web.objects.isDamaged(image.entry.id)))
    throw new Failure('OBJECT_DAMAGED');
  await web.use(actor, image.series, 'rendered');
  const task: RenderTask = { ...image, params, withOverlays: true, state, whose: sharerOf(actor) };
  warn(reply, by);
  void reply.header('vary', 'accept');
  if (notModified(request, reply, `"${renderKey(task)}"`)) return reply.code(304).send();
  return reply.header('content-type', params.type).send(await web.render(task));
}

/** A presentation state as the picture of the first image that it is for (PS3.18 8.7.4, 10.4.1.1.3). */
export async function sendState(web: Dicomweb, actor: Actor, found: Found, params: RenderedParams, http: Http) {
  requireIdentity(actor);
  const state = await stateOf(web, found.entry);
  const image = await firstReferenced(web, actor, found, state);
  return sendByState(web, actor, { state: { entry: found.entry, state }, image, params }, http);
}

/** The frame of an image, from 0, that a state is for: the one that is `named`, or its first. Fails with BAD_REQUEST where the state is not for it: it would be shown as nobody meant it. */
export function frameOfState(
  state: PresentationState,
  { sopInstanceUid, frames }: InstanceEntry,
  named: number | undefined,
): number {
  const first = state.references.find((one) => one.sopInstanceUid === sopInstanceUid)?.frames[0] ?? 1;
  const frame = named ?? first - 1;
  if (!hasFrame({ frames }, frame) || !refersTo(state, { sopInstanceUid, frameNumber: frame + 1 }))
    throw new Failure('BAD_REQUEST', { detail: 'This presentation state is not for this image.' });
  return frame;
}
