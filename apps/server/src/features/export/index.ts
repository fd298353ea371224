import {
  checkExport,
  exportAnonymised,
  exportPatient,
  exportPatients,
  getStoredInstance,
  handOverPatient,
  listPatientExports,
  patientRecord,
} from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import { type Actor, type Link, scopeOf, seesIdentity } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import { APPROXIMATED, coercedFile, type IndexValues, openStored, readIndexValues } from '../../archive/coercion/index.ts';
import type { StoredInstance } from '../../archive/records/exported.ts';
import { type ObjectReader, verifiedReader, withStart } from '../../platform/objects/store/index.ts';
import { PieceMemory, pieceReader } from '../../platform/sending/piece-memory.ts';
import { SentBody } from '../../platform/sending/sent-body.ts';
import { zipBytes } from '../../platform/zip/zip-writer.ts';
import { Archive, type Beside, type Selection } from './archive.ts';
import type { DeidExportDeps } from './deid/exports.ts';
import { registerDeidHeld } from './deid/held-routes.ts';
import { treatmentFor } from './deid/projects.ts';
import { registerDeidExports, registerDeidProjects } from './deid/routes.ts';
import type { SourcePorts } from './deid/source.ts';
import { DeidentifiedArchive, type Treatment } from './deidentified-archive.ts';
import type { ExportDeps } from './deps.ts';
import { listExports } from './listed.ts';
import { type RecordPorts, recordOf } from './record/index.ts';
import { countDamagedFiles, requireStored, selectForExport, selectForHandOver, selectForRecord, type Wanted } from './service.ts';

export { exportJobs } from './deid/jobs.ts';
export { findSealedProjects } from './deid/sealed-projects.ts';
export { registerMedia } from './medium/index.ts';
export type { ExportDeps, RecordPorts };

/** RFC 6266; names are made of record numbers, dates and UIDs, so that nothing needs quoting. */
const attachment = (name: string): string => `attachment; filename="${name}"`;

/** Memory that waits for the next download. */
const IDLE_PIECE_BYTES = 4 * 1024 * 1024;

interface Exporting extends ExportDeps {
  readonly pieces: PieceMemory;
  /** Reads into the memory of `pieces`. */
  readonly reader: ObjectReader;
}

/** What sharing hands out: a study as a ZIP, by the same selection and the same archives as exports. */
export interface Exports {
  readonly sendStudy: (
    actor: Link,
    study: { readonly patientId: string; readonly studyInstanceUid: string },
    reply: FastifyReply,
  ) => Promise<FastifyReply>;
}

/** Joins the export of patients and of stored files to the router. */
export function registerExport(
  router: Router,
  { record, ...deps }: DeidExportDeps & SourcePorts & { readonly record: RecordPorts },
): Exports {
  const pieces = new PieceMemory(IDLE_PIECE_BYTES);
  const exporting: Exporting = { ...deps, pieces, reader: pieceReader(deps.objects, pieces) };
  registerDeidProjects(router, deps);
  registerDeidExports(router, deps);
  registerDeidHeld(router, deps);
  router.handle(exportPatient, ({ actor, params, query, reply }) =>
    sendWanted(exporting, reply, actor, { ...query, patientIds: [params.id] }),
  );
  router.handle(checkExport, async ({ actor, params }) => ({ damaged: await countDamagedFiles(deps, actor, params.id) }));
  router.handle(exportPatients, ({ actor, body, reply }) => sendWanted(exporting, reply, actor, body));
  router.handle(exportAnonymised, ({ actor, body, reply }) => sendWanted(exporting, reply, actor, { ...body, anonymize: true }));
  router.handle(handOverPatient, async ({ actor, params, body, reply }) =>
    sendZip(exporting, reply, actor, await selectForHandOver(deps, actor, params.id, body)),
  );
  router.handle(patientRecord, async ({ actor, params, body, reply }) => {
    const beside = recordOf(record, actor, body);
    return sendZip(exporting, reply, actor, await selectForRecord(deps, actor, params.id, body), { original: true, beside });
  });
  router.handle(listPatientExports, ({ actor, params }) => listExports(deps, actor, params.id));
  router.handle(getStoredInstance, async ({ actor, params, query, reply }) => {
    const stored = await requireStored(deps, actor, params.sopInstanceUid, query.groupId);
    const { study_id: studyId, patient_id: patientId, group_id: groupId } = stored;
    await deps.audit.use(actor, { studyId, patientId, groupId, kind: 'file' });
    const values = query.original ? undefined : await deps.db.reading(scopeOf(actor), (tx) => readIndexValues(tx, studyId));
    return sendFile(exporting, reply, stored, { name: `${params.sopInstanceUid}.dcm`, values });
  });
  return {
    sendStudy: (actor, { patientId, studyInstanceUid }, reply) =>
      sendWanted(exporting, reply, actor, {
        ...{ patientIds: [patientId], studyInstanceUids: [studyInstanceUid], partial: true },
        anonymize: !seesIdentity(actor),
      }),
  };
}

/** Fails before the first byte, and before anything is noted, where the key of the project is lost. */
async function sendWanted(exporting: Exporting, reply: FastifyReply, actor: Actor, wanted: Wanted): Promise<FastifyReply> {
  const { anonymize, original, projectId } = wanted;
  const treatment = anonymize === true ? await treatmentFor(exporting, actor, projectId) : undefined;
  const selection = await selectForExport(exporting, actor, wanted);
  return sendZip(exporting, reply, actor, selection, { treatment, original });
}

function sendZip(
  exporting: Exporting,
  reply: FastifyReply,
  actor: Actor,
  selection: Selection,
  {
    treatment,
    original,
    beside,
  }: { readonly treatment?: Treatment | undefined; readonly original?: boolean | undefined; readonly beside?: Beside } = {},
): FastifyReply {
  const [only, another] = selection.patients;
  const day = exporting.clock.now().toISOString().slice(0, 10);
  const isOne = only !== undefined && another === undefined;
  const name = isOne && treatment === undefined ? only.json.recordNumber : `negatoscope-${day}`;
  const archive =
    treatment === undefined
      ? new Archive(exporting, actor, { original, ...(beside && { beside }) })
      : new DeidentifiedArchive(exporting, actor, treatment);
  void reply.type('application/zip').header('content-disposition', attachment(`${name}.zip`));
  return reply.send(bodyOf(exporting, zipBytes(archive.entries(selection))));
}

/** One stored file, with `values` of the index in it or, without, as it was received. */
async function sendFile(
  exporting: Exporting,
  reply: FastifyReply,
  stored: StoredInstance,
  { name, values }: { readonly name: string; readonly values: IndexValues | undefined },
): Promise<FastifyReply> {
  const { id, size_bytes: sizeBytes, file_sha256: sha256 } = stored;
  const image = { id, sizeBytes };
  const objects = await withStart(verifiedReader(exporting.reader, { ...image, sha256 }, exporting.objects), image);
  const coerced = await coercedFile({ objects, scratch: exporting.scratch, heavy: exporting.heavy }, image, values);
  const bytes = coerced?.bytes ?? (await openStored(objects, image)).bytes;
  if (coerced !== undefined && coerced.approximated.length > 0) void reply.header('warning', `299 negatoscope "${APPROXIMATED}"`);
  void reply
    .type('application/dicom')
    .header('content-length', coerced?.sizeBytes ?? sizeBytes)
    .header('content-disposition', attachment(name));
  const body = bodyOf(exporting, bytes);
  body.once('close', () => void coerced?.discard());
  return reply.send(body);
}

const bodyOf = ({ pieces }: Exporting, source: AsyncGenerator<Uint8Array>): SentBody =>
  new SentBody(source, (piece) => pieces.giveBack(piece));
