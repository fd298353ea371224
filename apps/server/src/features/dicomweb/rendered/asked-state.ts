import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../../access/index.ts';
import { isImage, openInstance, type StateOf } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { parseFrameList } from '../frames/frames.ts';
import { instancePathOf, type Params, paramsOf, requireIdentity, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { type ByState, frameOfState, stateOf } from './rendered-state.ts';

const BY_STATE = ['presentationUID', 'presentationSeriesUID'] as const;

/** The parameter by which a picture by a presentation state is asked for; undefined where none is. */
export const namedState = (search: URLSearchParams): string | undefined =>
  BY_STATE.find((name) => (search.get(name) ?? '') !== '');

/**
 * The presentation state by which a picture is wanted, of the same study: WADO-URI names it so (PS3.18 9.1.2), and rendered resources, which servers may
 * give parameters of their own (8.3.5), take the same. `said` are the parameters of what a state says itself. Undefined where none is named. Fails with
 * BAD_REQUEST, NOT_FOUND or NOT_ACCEPTABLE.
 */
export async function askedState(
  web: Dicomweb,
  actor: Actor,
  { params, search }: { readonly params: Params; readonly search: URLSearchParams },
  said: readonly string[],
): Promise<StateOf | undefined> {
  if (namedState(search) === undefined) return undefined;
  const [instance, series] = BY_STATE.map((name) => search.get(name) ?? '');
  if (instance === '' || series === '' || said.some((name) => search.has(name)))
    throw new Failure('BAD_REQUEST', { detail: `${BY_STATE.join(' and ')} go together, and without ${said.join(', ')}.` });
  requireIdentity(actor);
  const { entry } = await openInstance(web, actor, instancePathOf({ ...params, series, instance }));
  return { entry, state: await stateOf(web, entry) };
}

/** What a presentation state says itself (PS3.18 8.3.5). */
const SAID_BY_STATE = ['window', 'annotation'];

/**
 * The image and the state by which a rendered resource is asked for; undefined where no state is named. One image and one frame of it: a state is of
 * certain ones. Fails with BAD_REQUEST for anything else, and as `askedState` does.
 */
export async function imageByState(
  web: Dicomweb,
  actor: Actor,
  request: FastifyRequest,
): Promise<Omit<ByState, 'params'> | undefined> {
  const [params, search] = [paramsOf(request), searchOf(request)];
  if (namedState(search) !== undefined && params.instance === undefined)
    throw new Failure('BAD_REQUEST', { detail: 'A presentation state is of certain images: name the instance.' });
  const state = await askedState(web, actor, { params, search }, SAID_BY_STATE);
  if (state === undefined) return undefined;
  const { series, entry } = await openInstance(web, actor, instancePathOf(params));
  await web.heldBack.require(actor, entry);
  if (!isImage(entry)) throw new Failure('NOT_ACCEPTABLE', { detail: 'This instance has no image that can be shown.' });
  const [named, second] = params.frames === undefined ? [] : parseFrameList(params.frames, entry.frames);
  if (second !== undefined) throw new Failure('BAD_REQUEST', { detail: 'By a presentation state one frame is drawn at a time.' });
  return { state, image: { series, entry, frame: frameOfState(state.state, entry, named) } };
}
