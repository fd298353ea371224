import { type Actor, seesIdentity } from '../../access/index.ts';
import type { RawHandler } from '../../access/router.ts';
import {
  type InstanceEntry,
  isSlide,
  middleFrame,
  PICTURE_TYPES,
  type PictureType,
  type RenderTask,
  renderKey,
} from '../../archive/pixels/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { acceptedRanges } from './accept.ts';
import { sendAnonymized } from './files/anonymized.ts';
import { targetOf } from './files/file-targets.ts';
import { currentValues, sendInstance } from './files/retrieve-route.ts';
import { askedState, namedState } from './rendered/asked-state.ts';
import type { Http } from './rendered/rendered-document.ts';
import { parseRenderedParams } from './rendered/rendered-params.ts';
import { sendSlide } from './rendered/rendered-slide.ts';
import { frameOfState, sendByState } from './rendered/rendered-state.ts';
import { anonymizeWords, instanceOf, notModified, type Params, requireIdentity, searchOf, seriesWith, uid } from './request.ts';
import type { Dicomweb } from './service.ts';

/** Parameters of WADO-URI (PS3.18 9.1.2) as those of the rendered resource. */
function renderedSearch(search: URLSearchParams, type: string): URLSearchParams {
  const rendered = new URLSearchParams({ accept: type });
  const [center, width] = [search.get('windowCenter'), search.get('windowWidth')];
  if (center !== null && width !== null) rendered.set('window', `${center},${width},linear`);
  const [rows, columns] = [search.get('rows'), search.get('columns')];
  if (rows !== null || columns !== null) rendered.set('viewport', `${columns ?? rows},${rows ?? columns}`);
  const quality = search.get('imageQuality');
  if (quality !== null) rendered.set('quality', quality);
  return rendered;
}

function pathParams(search: URLSearchParams): Params {
  const [study, series, instance] = ['studyUID', 'seriesUID', 'objectUID'].map((name) => search.get(name) ?? undefined);
  if (search.get('requestType') !== 'WADO' || study === undefined || series === undefined || instance === undefined)
    throw new Failure('BAD_REQUEST', { detail: 'requestType=WADO, studyUID, seriesUID and objectUID are required.' });
  return { group: search.get('groupId') ?? undefined, study, series, instance, frames: undefined, reference: undefined };
}

/** Parameters by which a client wants less than the whole image with its identity: going without them would tell it what it did not ask for. */
const LESS = ['region'];

/** Fails with NOT_IMPLEMENTED for what PS3.18 9.1.2 lets a server leave out, but not ignore. */
function refuseLess(search: URLSearchParams): void {
  const [asked] = LESS.filter((name) => (search.get(name) ?? '') !== '' && search.get(name) !== 'no');
  if (asked !== undefined) throw new Failure('NOT_IMPLEMENTED', { detail: `The parameter ${asked} is not supported.` });
}

function frameNumber(text: string | null, frames: number): number | undefined {
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Failure('BAD_REQUEST', { detail: 'frameNumber counts from 1.' });
  if (Number(text) < 1 || Number(text) > frames) throw notFound();
  return Number(text) - 1;
}

/** The transfer syntax to write the file in; undefined when it goes as it is stored. Fails with BAD_REQUEST for what is no UID, else NOT_ACCEPTABLE. */
async function targetSyntax(web: Dicomweb, entry: InstanceEntry, wanted: string | null): Promise<string | undefined> {
  if (wanted === null || wanted === '*' || wanted === entry.transferSyntaxUid) return undefined;
  if (wanted.length > 64 || !/^[0-9]+(\.[0-9]+)*$/.test(wanted))
    throw new Failure('BAD_REQUEST', { detail: 'transferSyntax is the UID of a transfer syntax.' });
  const target = targetOf(await web.locator.header(entry), wanted);
  if (target === undefined) throw new Failure('NOT_ACCEPTABLE');
  return target === entry.transferSyntaxUid ? undefined : target;
}

/** Whether the file is wanted without identity (PS3.18 9.1.2). Fails with BAD_REQUEST for a word that says neither, with NOT_IMPLEMENTED for a picture. */
function wantsAnonymized(search: URLSearchParams, isFile: boolean): boolean {
  const asked = anonymizeWords(search);
  const [word = 'no', ...others] = asked.map(([, said]) => said);
  const isClear = asked.every(([name]) => name === 'anonymize') && others.length === 0;
  // Whoever asks in another way, or twice, would be given names in silence.
  if (!isClear || !/^(yes|no)?$/.test(word)) throw new Failure('BAD_REQUEST', { detail: 'anonymize is yes or no, once.' });
  if (word !== 'yes') return false;
  if (!isFile)
    throw new Failure('NOT_IMPLEMENTED', { detail: 'The parameter anonymize goes with contentType=application/dicom.' });
  return true;
}

/** What a presentation state says itself (PS3.18 9.1.2). */
const SAID_BY_STATE = ['windowCenter', 'windowWidth', 'annotation'];

/** Fails with NOT_IMPLEMENTED for a file by a presentation state: the file is what it is. */
function refuseStateOfFile(search: URLSearchParams): void {
  const asked = namedState(search);
  if (asked !== undefined) throw new Failure('NOT_IMPLEMENTED', { detail: `The parameter ${asked} goes with pictures.` });
}

function pictureType(wanted: readonly string[]): PictureType {
  const usual = wanted.some((one) => one === '' || one === '*/*') ? 'image/jpeg' : undefined;
  const type = PICTURE_TYPES.find((one) => wanted.includes(one)) ?? usual;
  if (type === undefined) throw new Failure('NOT_ACCEPTABLE');
  return type;
}

interface Asked {
  readonly params: Params;
  readonly search: URLSearchParams;
  /** Media types, in lower case. */
  readonly wanted: readonly string[];
}

/** The instance as an image, by a presentation state where one is named. */
async function sendPicture(web: Dicomweb, actor: Actor, { params, search, wanted }: Asked, { request, reply }: Http) {
  const series = await seriesWith(web, actor, params);
  const entry = await web.tables.instance(series, uid(params.instance));
  await web.use(actor, series, 'rendered');
  await web.heldBack.require(actor, entry);
  const type = pictureType(wanted);
  if (entry.frames === 0) throw new Failure('NOT_ACCEPTABLE');
  const rendered = renderedSearch(search, type);
  const shown = parseRenderedParams(rendered, acceptedRanges(request, rendered));
  const named = frameNumber(search.get('frameNumber'), entry.frames);
  const state = await askedState(web, actor, { params, search }, SAID_BY_STATE);
  if (state !== undefined) {
    const frame = frameOfState(state.state, entry, named);
    return sendByState(web, actor, { state, image: { series, entry, frame }, params: shown }, { request, reply });
  }
  if (named === undefined && isSlide(entry)) {
    const sent = await sendSlide(web, actor, { series, entry, isNamed: true }, shown, { request, reply });
    if (sent !== undefined) return sent;
  }
  const frame = named ?? (await middleFrame(web, entry));
  const task: RenderTask = { series, entry, frame, params: shown, withOverlays: seesIdentity(actor) };
  if (notModified(request, reply, `"${renderKey(task)}"`)) return reply.code(304).send();
  return reply.header('content-type', shown.type).send(await web.render(task));
}

/** WADO-URI (PS3.18 9): one instance as its file or as an image. Images are the default for what has frames. */
export const wadoUriHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    const search = searchOf(request);
    refuseLess(search);
    const params = pathParams(search);
    const wanted = (search.get('contentType') ?? '').split(',').map((type) => type.trim().toLowerCase());
    const isFile = wanted.includes('application/dicom');
    if (isFile) refuseStateOfFile(search);
    if (wantsAnonymized(search, isFile))
      return sendAnonymized(web, actor, params, { reply, syntax: search.get('transferSyntax') });
    if (!isFile) return sendPicture(web, actor, { params, search, wanted }, { request, reply });
    requireIdentity(actor);
    const entry = await instanceOf(web, actor, params, 'retrieve');
    const target = await targetSyntax(web, entry, search.get('transferSyntax'));
    const values = await currentValues(web, actor, params, search);
    return sendInstance(web, reply.header('cache-control', 'private, no-store'), { entry, target }, values);
  };
