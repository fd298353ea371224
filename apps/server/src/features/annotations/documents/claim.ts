import type { KeptDocumentKind } from '@negatoscope/contract';
import { madePersonName, uidOfUuid } from '@negatoscope/dicom';
import type { Person } from '../../../access/index.ts';
import { holdStudy } from '../../../archive/records/images.ts';
import { storedAmong } from '../../../archive/records/studies.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { DocumentDeps } from './deps.ts';
import type { Author } from './drafts.ts';
import * as repository from './repository.ts';

interface Claim {
  readonly study: StudyRow;
  readonly kind: KeptDocumentKind;
  readonly sha256: Buffer;
}

/** The line of a document: the one of the same content, or a new one, while nobody else can write another. */
export async function claim({ clock }: DocumentDeps, tx: Tx, actor: Person, { study, kind, sha256 }: Claim) {
  const held = await holdStudy(tx, study.id);
  if (held === undefined) throw notFound();
  const latest = await repository.findLatest(tx, study.id, kind);
  const isSame = latest?.content_sha256.equals(sha256);
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
  const language = await repository.languageOfSeries(tx, study.id, kind);
  return { row, author, language, before: await repository.findPredecessor(tx, study.id, kind, row.seq) };
}

const isStoredNow = async (tx: Tx, row: repository.DocumentRow | undefined, groupId: string | null): Promise<boolean> =>
  row !== undefined && (await storedAmong(tx, [row.sop_instance_uid], groupId)).has(row.sop_instance_uid);
