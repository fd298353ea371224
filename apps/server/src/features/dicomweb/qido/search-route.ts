import type { FastifyReply } from 'fastify';
import { type Actor, scopeOf, seesIdentity, ungroupedOf } from '../../../access/index.ts';
import type { ReaderHandler } from '../../../access/router.ts';
import { patientOf } from '../../../archive/pixels/index.ts';
import { shownForm } from '../../../archive/pseudonym/pseudonym.ts';
import type { QidoLevel } from '../../../archive/search/attributes.ts';
import { type QidoStatement, searchRows } from '../../../archive/search/qido-repository.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { Plans } from '../../../platform/db/database.ts';
import { datasetForm, sendJson, sendXml } from '../dataset-answer.ts';
import { nativeModel } from '../native-model.ts';
import { baseOf, groupOf, NO_GROUP, type Params, paramsOf, searchOf, uid } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { qidoResult, qidoResultText } from './answer.ts';
import { boundedQuery, withInstanceAttributes } from './instances.ts';
import { qidoSearch } from './keys.ts';
import { parseQidoQuery, type QidoQuery } from './query.ts';

/** Who sees pseudonyms may not learn by matching what the answers hide. */
function requireHarmless(query: QidoQuery): void {
  if (
    query.matches.some((match) => match.attribute.identifying) ||
    query.stored.some(({ path }) => shownForm(path) === undefined)
  )
    throw new Failure('FORBIDDEN', { detail: 'Your role sees pseudonyms; it can’t search by identity or free text.' });
}

function warningOf(query: QidoQuery, more: boolean): string | undefined {
  if (more) return '299 negatoscope "There are additional results that can be requested"';
  return query.ignored.length === 0 ? undefined : '299 negatoscope "Some matching keys are not supported and were ignored"';
}

/**
 * `samePatientAs=<Study Instance UID>`, an extension: the studies of that study's patient, without an identifier in an address, where logs and
 * histories keep it. It is the patient's row that is asked for, for a Patient ID is what a file says: two people may have it, and who sees
 * pseudonyms could try numbers by it. Fails with NOT_FOUND.
 */
async function ofSamePatient(
  web: Dicomweb,
  actor: Actor,
  query: QidoQuery,
  { groupId, study }: { groupId: string | undefined; study: string | null },
): Promise<QidoQuery> {
  if (study === null) return query;
  const { studyId } = await web.handles.study(actor, { groupId, studyInstanceUid: uid(study) });
  const patient = await web.db.reading(scopeOf(actor), (tx) => patientOf(tx, studyId));
  if (patient === undefined) throw notFound();
  return { ...query, patient };
}

type Found = Awaited<ReturnType<typeof withInstanceAttributes>>;
type Answer = { readonly json: string } | { readonly models: ReturnType<typeof nativeModel>[] };

const answerOf = (
  { rows }: Found,
  { query, base, identity }: { readonly query: QidoQuery; readonly base: string; readonly identity: boolean },
  form: ReturnType<typeof datasetForm>,
): Answer =>
  form === 'json'
    ? { json: `[${rows.map((row) => qidoResultText(row, query, base, identity)).join(',')}]` }
    : { models: rows.map((row) => nativeModel(qidoResult(row, query, base, identity))) };

function send(reply: FastifyReply, answer: Answer, warning: string | undefined): ReturnType<typeof sendJson> {
  if (warning !== undefined) void reply.header('warning', warning);
  void reply.header('cache-control', 'private, no-store');
  if ('json' in answer) return sendJson(reply, answer.json);
  return answer.models.length === 0 ? reply.code(204).send() : sendXml(reply, answer.models);
}

export interface SearchOrder {
  readonly level: QidoLevel;
  readonly params: Params;
  readonly keys: URLSearchParams;
  /** Root of the addresses in the answer. */
  readonly base: string;
}

/** What a search finds, as it is answered; its search is on record by then. */
export async function found(
  web: Dicomweb,
  actor: Actor,
  { level, params, keys, base }: SearchOrder,
  form: ReturnType<typeof datasetForm>,
): Promise<{ readonly answer: Answer; readonly warning: string | undefined }> {
  if (params.study !== undefined) keys.set('StudyInstanceUID', uid(params.study));
  if (params.series !== undefined) keys.set('SeriesInstanceUID', uid(params.series));
  const partition = groupOf(params.group ?? keys.get('groupId') ?? undefined);
  const groupId = partition === NO_GROUP ? undefined : partition;
  const scope = partition === NO_GROUP ? ungroupedOf(scopeOf(actor)) : scopeOf(actor);
  const identity = seesIdentity(actor);
  const asked = boundedQuery(parseQidoQuery(level, keys), identity);
  if (!identity) requireHarmless(asked);
  const query = await ofSamePatient(web, actor, asked, { groupId: partition, study: keys.get('samePatientAs') });
  const ask = async (statement: QidoStatement, plans: Plans) => (await web.db.asking(scope, [statement], plans))[0];
  const rows = await withInstanceAttributes(
    web,
    { query, identity, base, scope },
    await searchRows(ask, qidoSearch(query, identity), groupId),
  );
  const audited = web.auditSearch(
    actor,
    level,
    query,
    rows.rows.map((row) => row.patient_row),
  );
  audited.catch(() => undefined);
  // The answer is put together meanwhile; it leaves when its search is on record.
  const answer = answerOf(rows, { query, base, identity }, form);
  await audited;
  return { answer, warning: warningOf(query, rows.more) };
}

/**
 * QIDO-RS (PS3.18 10.6). When nothing is found the answer is 200 with an empty array, which current clients read as a result, or 204
 * for XML, since a multipart body has at least one part; 10.6.3.1 allows both.
 */
export const searchHandler =
  (web: Dicomweb, level: QidoLevel): ReaderHandler =>
  async ({ actor, request, reply }) => {
    const form = datasetForm(request);
    const params = paramsOf(request);
    const order = { level, params, keys: searchOf(request), base: baseOf(web, request, params) };
    const { answer, warning } = await found(web, actor, order, form);
    return send(reply, answer, warning);
  };
