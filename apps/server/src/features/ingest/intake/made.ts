import { type Person, requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import { findStudyPlace } from '../../../archive/records/studies.ts';
import { notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { once } from '../../../kernel/once.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Scratch } from '../../../platform/objects/scratch/index.ts';
import type { FileResult, IncomingFile, IngestLimits, ResolvedTarget } from '../types.ts';
import { runFiles } from './run.ts';
import { createSession, type SessionTools } from './session.ts';

/** Instances that the server itself made of a study: a report, a selection of images, a drawing that was kept as an image. */
export interface MadeInstances {
  /** What made them; needs `imports.create`. */
  readonly by: Service;
  /** Whose work they are: the journal names them. Null for what no person asked for, e.g. a model's prediction. */
  readonly onBehalfOf: Person | null;
  /** The id of the study's row: its Study Instance UID may stand in several groups. */
  readonly studyId: string;
  /** Part 10 files of this study and its patient. */
  readonly instances: readonly Uint8Array[];
}

async function* filesOf(instances: readonly Uint8Array[]): AsyncGenerator<IncomingFile> {
  for (const [index, bytes] of instances.entries()) yield { name: `made/${index + 1}.dcm`, stream: once(bytes) };
}

interface MadeTools extends SessionTools {
  readonly db: Pick<Db, 'reading'>;
  readonly scratch: Scratch;
  readonly limits: IngestLimits;
}

/**
 * Takes them into the study that they were made of, in its group, durable when it returns; the outcome of each, in order. Never into another study or
 * under another patient: an instance that names another study, or comes when the study has gone to the trash, another patient or another group meanwhile,
 * is STUDY_GONE; one that names another person, IDENTITY_MISMATCH. Fails with FORBIDDEN, NOT_FOUND for a study out of the person's scope, and as the store does.
 */
export async function storeMade(tools: MadeTools, { by, onBehalfOf, studyId, instances }: MadeInstances): Promise<FileResult[]> {
  requirePermission(by, 'imports.create');
  const scope = scopeOf(onBehalfOf ?? by);
  const study = await tools.db.reading(scope, (tx) => findStudyPlace(tx, scope, studyId));
  if (study === undefined) throw notFound();
  const target: ResolvedTarget = {
    entrance: 'MADE',
    importId: newId(),
    isOpen: false,
    groupId: study.group_id,
    patientId: study.patient_id,
    onlyStudyId: studyId,
    onMismatch: 'reject',
    acceptMismatch: false,
    mismatchReason: null,
  };
  const session = createSession(tools, { actor: by, ...(onBehalfOf === null ? {} : { onBehalfOf }), target });
  const { limits, scratch } = tools;
  const { results } = await runFiles({ session, limits, scratch, opensZips: false, tellsPart: true }, filesOf(instances));
  return results;
}
