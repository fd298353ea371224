import { createHash } from 'node:crypto';
import type { KeptDocumentKind, keepDocuments, listKeptDocuments, ResultOf } from '@negatoscope/contract';
import {
  contentMoment,
  type DicomJsonObject,
  keyObjectSelection,
  type MadeInstance,
  madePersonName,
  measurementReport,
  uidOfUuid,
} from '@negatoscope/dicom';
import { type Person, scopeOf, seesIdentity, service } from '../../../access/index.ts';
import { namedByIndex, readIndexValues } from '../../../archive/coercion/index.ts';
import { holdStudy } from '../../../archive/records/images.ts';
import { requireStudy, storedAmong } from '../../../archive/records/studies.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { findAnnotations } from '../repository.ts';
import type { StudyRef } from '../service.ts';
import { type ContentSource, keyImagesOf, measurementsOf } from './content.ts';
import type { DocumentDeps } from './deps.ts';
import { loadImages } from './drawn-images.ts';
import * as repository from './repository.ts';

/** What makes documents of what is drawn: whose work they are is said beside. */
const MAKER = service('reading-documents', ['imports.create']);
const ENGLISH = { value: 'en', scheme: 'RFC5646', meaning: 'English' };
const SERIES = {
  MEASUREMENTS: { number: 9901, description: 'Mesures (Negatoscope)' },
  KEY_IMAGES: { number: 9902, description: 'Images clés (Negatoscope)' },
} as const satisfies Record<KeptDocumentKind, object>;
const SOP_CLASS = { MEASUREMENTS: '1.2.840.10008.5.1.4.1.1.88.33', KEY_IMAGES: '1.2.840.10008.5.1.4.1.1.88.59' } as const;

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

/** A document's content, and how it is made of it. */
interface Draft {
  readonly kind: KeptDocumentKind;
  readonly count: number;
  readonly leftOut: number;
  /** What tells one content from another, whoever makes a document of it. */
  readonly key: unknown;
  readonly make: (made: MadeInstance, author: Author, predecessor: repository.PredecessorRow | undefined) => Uint8Array;
}

/** Whom a document is by. */
interface Author {
  readonly id: string | null;
  /** A PN value. */
  readonly name: string;
}

function draftsOf(source: ContentSource): Draft[] {
  const measured = measurementsOf(source, null);
  const marked = keyImagesOf(source);
  const before = (kind: KeptDocumentKind, row: repository.PredecessorRow | undefined) =>
    row === undefined
      ? {}
      : {
          predecessor: {
            seriesInstanceUid: row.series_instance_uid,
            sopInstanceUid: row.sop_instance_uid,
            sopClassUid: SOP_CLASS[kind],
          },
        };
  return [
    {
      ...{ kind: 'MEASUREMENTS', count: measured.items.length, leftOut: measured.leftOut },
      key: measured.items.map(({ observer: _observer, ...item }) => item),
      make: (made, author, row) =>
        measurementReport({
          ...{ ...made, ...before('MEASUREMENTS', row), author: author.name, language: ENGLISH },
          measurements: measurementsOf(source, author.id).items,
        }),
    },
    {
      ...{ kind: 'KEY_IMAGES', count: marked.count, leftOut: marked.leftOut },
      key: marked.items,
      make: (made, author, row) =>
        keyObjectSelection({ ...made, ...before('KEY_IMAGES', row), author: author.name, objects: marked.items }),
    },
  ];
}

/** Makes documents of what is drawn as it stands; its outcome by kind. Fails with NOT_FOUND, CONFLICT for a study that goes elsewhere meanwhile, IDENTITY_MISMATCH. */
export async function keep(deps: DocumentDeps, actor: Person, ref: StudyRef): Promise<ResultOf<typeof keepDocuments>> {
  const scope = scopeOf(actor);
  const { study, values, annotations, people } = await deps.db.reading(scope, async (tx) => {
    const study = await requireStudy(tx, actor, ref.uid, ref.groupId);
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
  const { row, before, author } = await deps.db.withScope(scopeOf(actor), (tx) =>
    claim(deps, tx, actor, { study, kind, sha256 }),
  );
  const kept = { sopInstanceUid: row.sop_instance_uid, isNew: !row.is_stored };
  if (row.is_stored) return kept;
  const bytes = draft.make(instanceOf(row, kind, header), author, before);
  const [result] = await deps.storeMade({ by: MAKER, onBehalfOf: actor, studyId: study.id, instances: [bytes] });
  if (result?.outcome !== 'stored' && result?.outcome !== 'duplicate')
    throw new Failure(result?.reason === 'IDENTITY_MISMATCH' ? 'IDENTITY_MISMATCH' : 'CONFLICT', {
      detail: 'The study has changed meanwhile.',
    });
  await deps.db.withScope(scopeOf(actor), (tx) => repository.markStored(tx, study.id, kind, row.sop_instance_uid));
  return kept;
}

interface Claim {
  readonly study: StudyRow;
  readonly kind: KeptDocumentKind;
  readonly sha256: Buffer;
}

/** The line of a document: the one of the same content, or a new one, while nobody else can write another. */
async function claim({ clock }: DocumentDeps, tx: Tx, actor: Person, { study, kind, sha256 }: Claim) {
  const held = await holdStudy(tx, study.id);
  if (held === undefined) throw notFound();
  const latest = await repository.findLatest(tx, study.id, kind);
  const isSame = latest !== undefined && latest.content_sha256.equals(sha256);
  if (!isSame) {
    // What was stored but not marked as such keeps its place.
    const isThere = latest?.is_stored === true || (await isStoredNow(tx, latest, held.group_id));
    if (latest !== undefined && isThere) await repository.markStored(tx, study.id, kind, latest.sop_instance_uid);
    await repository.putDocument(tx, {
      ...{ studyId: study.id, groupId: held.group_id, kind, sha256, authorId: actor.userId, now: clock.now() },
      seq: (latest?.seq ?? 0) + (latest === undefined || isThere ? 1 : 0),
      seriesInstanceUid: latest?.series_instance_uid ?? uidOfUuid(newId()),
      sopInstanceUid: uidOfUuid(newId()),
    });
  }
  const row = isSame ? latest : await repository.findLatest(tx, study.id, kind);
  if (row === undefined) throw new Failure('CONFLICT');
  const [writer] = row.author_id === null ? [] : await repository.findPeople(tx, [row.author_id]);
  const author: Author = {
    id: row.author_id,
    name: writer === undefined ? '' : madePersonName(writer.last_name, writer.first_name),
  };
  return { row, author, before: await repository.findPredecessor(tx, study.id, kind, row.seq) };
}

const isStoredNow = async (tx: Tx, row: repository.DocumentRow | undefined, groupId: string | null): Promise<boolean> =>
  row !== undefined && (await storedAmong(tx, [row.sop_instance_uid], groupId)).has(row.sop_instance_uid);

/** Made of the line alone, so that whoever makes it makes the same bytes. */
function instanceOf(row: repository.DocumentRow, kind: KeptDocumentKind, header: DicomJsonObject): MadeInstance {
  return {
    study: header,
    seriesInstanceUid: row.series_instance_uid,
    sopInstanceUid: row.sop_instance_uid,
    seriesNumber: SERIES[kind].number,
    seriesDescription: SERIES[kind].description,
    instanceNumber: row.seq,
    ...contentMoment(row.made_at),
    manufacturer: 'Negatoscope',
    implementation: IMPLEMENTATION,
  };
}
