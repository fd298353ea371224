import type { FastifyReply, FastifyRequest } from 'fastify';
import { reachedAt } from '../../access/asked.ts';
import { type Actor, seesIdentity } from '../../access/index.ts';
import {
  type InstanceEntry,
  type InstancePath,
  openSeries,
  openSeriesOf,
  type SeriesHandle,
  type SeriesPath,
  type StudyPath,
} from '../../archive/pixels/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Dicomweb } from './service.ts';

export { searchOf } from '../../access/asked.ts';

/** What is said of anonymising, under whatever spelling of the parameter: a typing error must not bring names. */
export const anonymizeWords = (search: URLSearchParams): (readonly [name: string, word: string])[] =>
  [...search].filter(([name]) => /^\s*anonymi[sz]e/i.test(name)).map(([name, word]) => [name, word.trim().toLowerCase()]);

/** Fails with NOT_IMPLEMENTED for who wants what is stored without identity by a way that knows no such wish: WADO-URI does. */
export function refuseAnonymized(search: URLSearchParams): void {
  if (anonymizeWords(search).some(([, word]) => word !== 'no' && word !== 'false' && word !== ''))
    throw new Failure('NOT_IMPLEMENTED', { detail: 'The parameter anonymize goes with WADO-URI.' });
}

export type Params = Readonly<Record<'group' | 'study' | 'series' | 'instance' | 'frames' | 'reference', string | undefined>>;

const UID = /^[0-9]+(\.[0-9]+)*$/;
/** A UID in a path; anything that can't be one is simply not here. */
export function uid(value: string | undefined): string {
  if (value === undefined || value.length > 64 || !UID.test(value)) throw notFound();
  return value;
}

/** Names the partition of what is in no group. */
export const NO_GROUP = 'none';
/** The partition in a path or parameter: a group's id or `none`; anything else names no group, and so nothing. */
export function groupOf(value: string | undefined): string | undefined {
  if (value !== undefined && value !== NO_GROUP && !isUuid(value)) throw notFound();
  return value?.toLowerCase();
}

export const paramsOf = (request: FastifyRequest): Params => request.params as Params; // Every route names its parameters from this list.

export const pathOf = (params: Params): StudyPath => ({
  groupId: groupOf(params.group),
  studyInstanceUid: uid(params.study),
});

/** Root of DICOMweb, or of a partition of it, as this client reaches it. */
export const baseOf = (web: Dicomweb, request: FastifyRequest, params: Params): string =>
  `${reachedAt(web.publicUrl, request)}/dicom-web${params.group === undefined ? '' : `/groups/${groupOf(params.group)}`}`;

/** Retrieval of stored files names the patient: a pseudonymised actor has the metadata and the frames instead. */
export function requireIdentity(actor: Actor): void {
  if (!seesIdentity(actor)) throw new Failure('FORBIDDEN', { detail: 'Stored files carry identities; use metadata and frames.' });
}

/** Sets the validator; true when the client has this very representation (RFC 9110 13.1.2). */
export function notModified(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  void reply.header('etag', etag).header('cache-control', 'private, no-cache');
  const wanted = request.headers['if-none-match'];
  if (wanted === undefined) return false;
  return wanted.trim() === '*' || wanted.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

export const seriesPathOf = (params: Params): SeriesPath => ({ ...pathOf(params), seriesInstanceUid: uid(params.series) });

export const instancePathOf = (params: Params): InstancePath => ({
  ...seriesPathOf(params),
  sopInstanceUid: uid(params.instance),
});

/** The series of the path, as new as the instance of the path needs it. Fails with NOT_FOUND for a series; an unknown instance is for the caller to tell. */
export const seriesWith = (web: Dicomweb, actor: Actor, params: Params): Promise<SeriesHandle> =>
  params.instance === undefined ? openSeries(web, actor, seriesPathOf(params)) : openSeriesOf(web, actor, instancePathOf(params));

export async function seriesOf(web: Dicomweb, actor: Actor, params: Params): Promise<SeriesHandle[]> {
  if (params.series !== undefined) return [await seriesWith(web, actor, params)];
  return web.handles.allSeries(await web.handles.study(actor, pathOf(params)));
}

/** The instance of the path; its use is recorded under `kind`. */
export async function instanceOf(web: Dicomweb, actor: Actor, params: Params, kind: string): Promise<InstanceEntry> {
  const series = await seriesWith(web, actor, params);
  const entry = await web.tables.instance(series, uid(params.instance));
  // Also of what is still in memory, here or with the client.
  if (await web.objects.isDamaged(entry.id)) throw new Failure('OBJECT_DAMAGED');
  await web.use(actor, series, kind);
  return entry;
}
