import type { FastifyReply } from 'fastify';
import { type Actor, scopeOf } from '../../../access/index.ts';
import type { RawHandler } from '../../../access/router.ts';
import { type IndexValues, readIndexValues } from '../../../archive/coercion/index.ts';
import type { SeriesHandle } from '../../../archive/pixels/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { SentBody } from '../../../platform/sending/sent-body.ts';
import { type ZipEntry, zipBytes } from '../../../platform/zip/zip-writer.ts';
import { acceptedRanges } from '../accept.ts';
import { fileContentType, multipartFiles, newBoundary } from '../multipart-answer.ts';
import { instanceOf, type Params, paramsOf, pathOf, requireIdentity, searchOf, seriesOf, uid } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { type FilePlan, type FileWish, fileWishes, type PlannedFile, planFiles, takesStored } from './file-wishes.ts';
import { type NamedFile, type Outcome, openAll, openFile, tellOutcome, warningOf } from './outgoing-files.ts';

/** What the index says of the study today; undefined when `original=true` asks for the stored bytes. */
export async function currentValues(
  web: Dicomweb,
  actor: Actor,
  params: Params,
  search: URLSearchParams,
): Promise<IndexValues | undefined> {
  if (search.get('original') === 'true') return undefined;
  const { studyId } = await web.handles.study(actor, pathOf(params));
  const values = await web.db.reading(scopeOf(actor), (tx) => readIndexValues(tx, studyId));
  if (values === undefined) throw notFound();
  return values;
}

const sentBody = (web: Dicomweb, bytes: AsyncGenerator<Uint8Array>): SentBody =>
  new SentBody(bytes, (piece) => web.pieces.giveBack(piece));

/** One file as the answer. Fails when it can't be given. */
export async function sendInstance(
  web: Dicomweb,
  reply: FastifyReply,
  planned: Pick<PlannedFile, 'entry' | 'target'>,
  values: IndexValues | undefined,
): Promise<FastifyReply> {
  const file = await openFile(web, planned, { values, isGone: () => reply.raw.destroyed });
  const body = sentBody(web, file.bytes);
  body.once('close', () => void file.discard());
  const warning = warningOf({ leftOut: 0, approximated: file.isApproximated ? 1 : 0 });
  if (warning !== undefined) void reply.header('warning', warning);
  return reply
    .header('content-type', fileContentType(file.transferSyntaxUid))
    .header('content-disposition', `attachment; filename="${planned.entry.sopInstanceUid}.dcm"`)
    .header('content-length', file.sizeBytes)
    .send(body);
}

/** Files under series and instance UIDs. */
async function* zipEntries(files: AsyncIterable<NamedFile>): AsyncGenerator<ZipEntry> {
  const modified = new Date();
  for await (const { entry, seriesInstanceUid, file } of files)
    yield {
      name: `${uid(seriesInstanceUid)}/${uid(entry.sopInstanceUid)}.dcm`,
      sizeBytes: file.sizeBytes,
      modified,
      content: file.bytes,
    };
}

/** Many files; what is missing is told. */
async function sendFiles(
  web: Dicomweb,
  reply: FastifyReply,
  { form, files, leftOut }: FilePlan,
  { values, name }: { values: IndexValues | undefined; name: string },
): Promise<FastifyReply> {
  const outcome: Outcome = { leftOut, approximated: 0 };
  const known = warningOf(outcome);
  const opened = await openAll(web, files, { values, isGone: () => reply.raw.destroyed }, outcome);
  tellOutcome(reply, outcome, known);
  const boundary = newBoundary();
  const isZip = form === 'zip';
  if (isZip) void reply.header('content-disposition', `attachment; filename="${uid(name)}.zip"`);
  const bytes = isZip ? zipBytes(zipEntries(opened.files)) : multipartFiles(opened.files, boundary);
  const body = sentBody(web, bytes);
  body.once('close', () => void opened.close());
  const type = isZip ? 'application/zip' : `multipart/related; type="application/dicom"; boundary=${boundary}`;
  return reply.header('content-type', type).send(body);
}

/** Every file as it is stored, found while the others are sent. */
async function* storedFiles(
  web: Dicomweb,
  list: readonly SeriesHandle[],
  instance: string | undefined,
): AsyncGenerator<PlannedFile> {
  for (const series of list)
    for await (const entry of web.entriesOf([series], instance))
      yield { entry, seriesInstanceUid: series.seriesInstanceUid, target: undefined };
}

/** Files that are known to be damaged are left out before the first byte, so that the answer's status says so. */
async function planOf(
  web: Dicomweb,
  wishes: readonly FileWish[],
  list: readonly SeriesHandle[],
  instance: string | undefined,
): Promise<FilePlan> {
  const stored = storedFiles(web, list, instance);
  const [first] = wishes;
  const asStored = first !== undefined && takesStored(first) ? first : undefined;
  const damaged = await web.objects.damaged();
  if (asStored !== undefined && damaged.size === 0) return { form: asStored.form, files: stored, leftOut: 0 };
  const whole: PlannedFile[] = [];
  let leftOut = 0;
  for await (const one of stored)
    if (damaged.has(one.entry.id)) leftOut += 1;
    else whole.push(one);
  if (whole.length === 0 && leftOut > 0) throw new Failure('OBJECT_DAMAGED');
  if (asStored !== undefined) return { form: asStored.form, files: whole, leftOut };
  const plan = await planFiles(wishes, whole, web.locator.header);
  return { ...plan, leftOut: plan.leftOut + leftOut };
}

/** Files of a study, series or instance (PS3.18 10.4.1.1.1): one body, multipart/related or ZIP, as stored or in a wanted transfer syntax. */
export const retrieveHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    requireIdentity(actor);
    const params = paramsOf(request);
    const entry = params.instance === undefined ? undefined : await instanceOf(web, actor, params, 'retrieve');
    const list = await seriesOf(web, actor, params);
    if (list.length === 0) throw notFound();
    const wishes = fileWishes(acceptedRanges(request, searchOf(request)), entry !== undefined);
    const plan = await planOf(web, wishes, list, params.instance);
    // One event for the study, whatever the number of its series.
    for (const series of list.slice(0, 1)) await web.use(actor, series, 'retrieve');
    const values = await currentValues(web, actor, params, searchOf(request));
    void reply.header('cache-control', 'private, no-store').header('vary', 'accept');
    if (plan.form === 'single') for await (const one of plan.files) return sendInstance(web, reply, one, values);
    return sendFiles(web, reply, plan, { values, name: params.instance ?? params.series ?? params.study ?? '' });
  };
