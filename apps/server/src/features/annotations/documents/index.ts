import { createHash } from 'node:crypto';
import {
  type KeptDocumentKind,
  type keepDocuments,
  type listKeptDocuments,
  MADE_SERIES,
  type ResultOf,
} from '@negatoscope/contract';
import { contentMoment, type DicomJsonObject, type MadeInstance, madePersonName } from '@negatoscope/dicom';
import type { Language } from '../../../access/asked.ts';
import { type Person, scopeOf, seesIdentity, service } from '../../../access/index.ts';
import { namedByIndex, readIndexValues } from '../../../archive/coercion/index.ts';
import { requireStudy, requireStudyToWrite } from '../../../archive/records/studies.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import { findAnnotations } from '../repository.ts';
import type { StudyRef } from '../service.ts';
import { claim } from './claim.ts';
import type { DocumentDeps } from './deps.ts';
import { type Draft, draftsOf } from './drafts.ts';
import { loadImages } from './drawn-images.ts';
import * as repository from './repository.ts';

/** What makes documents of what is drawn: whose work they are is said beside. */
const MAKER = service('reading-documents', ['imports.create']);
const SERIES_NUMBERS = { MEASUREMENTS: 9901, KEY_IMAGES: 9902 } as const satisfies Record<KeptDocumentKind, number>;

/** The latest documents of a study; their use is audited. Fails with NOT_FOUND for a study out of scope. */
export async function list(
  { db, audit }: DocumentDeps,
  actor: Person,
  { uid, groupId }: StudyRef,
): Promise<ResultOf<typeof listKeptDocuments>> {
  const scope = scopeOf(actor);
  const { study, rows } = await db.reading(scope, async (tx) => {
    const study = await requireStudy(tx, actor, uid, groupId);
    return { study, rows: await repository.findKept(tx, scope, study.id) };
  });
  await audit.use(actor, { studyId: study.id, patientId: study.patient_id, groupId: study.group_id, kind: 'annotations' });
  const items = rows.map((row) => ({
    kind: row.kind,
    seriesInstanceUid: row.series_instance_uid,
    sopInstanceUid: row.sop_instance_uid,
    madeAt: row.made_at.toISOString(),
    author: seesIdentity(actor) ? row.author_name : null,
  }));
  return { items };
}

/** Makes documents of what is drawn as it stands; its outcome by kind. Fails with NOT_FOUND, CONFLICT for a study that goes elsewhere meanwhile, IDENTITY_MISMATCH. */
export async function keep(deps: DocumentDeps, actor: Person, ref: StudyRef): Promise<ResultOf<typeof keepDocuments>> {
  const scope = scopeOf(actor);
  const { study, values, annotations, people } = await deps.db.reading(scope, async (tx) => {
    const study = await requireStudyToWrite(tx, actor, ref.uid, ref.groupId);
    const values = await readIndexValues(tx, study.id);
    const annotations = (await findAnnotations(tx, scope, study.id, 0)).sort(inOrder);
    const ids = annotations.flatMap(({ author_id }) => author_id ?? []);
    return { study, values, annotations, people: await repository.findPeople(tx, [...new Set(ids)]) };
  });
  const names = new Map(people.map(({ id, last_name, first_name }) => [id, madePersonName(last_name, first_name)]));
  if (values === undefined) throw notFound();
  const images = await loadImages(deps, actor, study, annotations);
  const header = namedByIndex(images.header, values);
  const source = { annotations, ...images, nameOf: (id: string) => names.get(id) };
  const items: ResultOf<typeof keepDocuments>['items'] = [];
  for (const draft of draftsOf(source)) {
    const { kind, count, leftOut } = draft;
    const kept = count === 0 ? undefined : await keepOne(deps, actor, { study, draft, header });
    const outcome = kept === undefined ? 'NOTHING' : kept.isNew ? 'STORED' : 'UNCHANGED';
    items.push({ kind, count, leftOut, outcome, sopInstanceUid: kept?.sopInstanceUid ?? null });
  }
  return { items };
}

/** In the order in which they were made, so that the same drawings make the same document. */
const inOrder = (a: { created_at: Date; id: string }, b: { created_at: Date; id: string }): number =>
  a.created_at.getTime() - b.created_at.getTime() || (a.id < b.id ? -1 : 1);

interface Keeping {
  readonly study: StudyRow;
  readonly draft: Draft;
  /** Of an image of the study, as the index names its patient: of it patient and study are copied. */
  readonly header: DicomJsonObject;
}

interface Kept {
  readonly sopInstanceUid: string;
  readonly isNew: boolean;
}

async function keepOne(deps: DocumentDeps, actor: Person, { study, draft, header }: Keeping): Promise<Kept> {
  const { kind } = draft;
  const sha256 = createHash('sha256').update(JSON.stringify(draft.key)).digest();
  const { row, before, author, language } = await deps.db.withScope(scopeOf(actor), (tx) =>
    claim(deps, tx, actor, { study, kind, sha256 }),
  );
  const kept = { sopInstanceUid: row.sop_instance_uid, isNew: !row.is_stored };
  if (row.is_stored) return kept;
  const bytes = draft.make(instanceOf({ row, kind, language }, header), author, before);
  const [result] = await deps.storeMade({ by: MAKER, onBehalfOf: actor, studyId: study.id, instances: [bytes] });
  if (result?.outcome !== 'stored' && result?.outcome !== 'duplicate')
    throw new Failure(result?.reason === 'IDENTITY_MISMATCH' ? 'IDENTITY_MISMATCH' : 'CONFLICT', {
      detail: 'The study has changed meanwhile.',
    });
  await deps.db.withScope(scopeOf(actor), (tx) => repository.markStored(tx, study.id, kind, row.sop_instance_uid));
  return kept;
}

interface Line {
  readonly row: repository.DocumentRow;
  readonly kind: KeptDocumentKind;
  /** Of the series. */
  readonly language: Language;
}

/** Made of the line alone, so that whoever makes it makes the same bytes. */
function instanceOf({ row, kind, language }: Line, header: DicomJsonObject): MadeInstance {
  return {
    study: header,
    seriesInstanceUid: row.series_instance_uid,
    sopInstanceUid: row.sop_instance_uid,
    seriesNumber: SERIES_NUMBERS[kind],
    seriesDescription: MADE_SERIES[kind][language],
    instanceNumber: row.seq,
    ...contentMoment(row.made_at),
    manufacturer: 'Negatoscope',
    implementation: IMPLEMENTATION,
  };
}
