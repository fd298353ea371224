import type { listPriors, Prior, ResultOf } from '@negatoscope/contract';
import { isKnownCode } from '@negatoscope/dicom';
import { type Actor, scopeOf, seesIdentity } from '../../../access/index.ts';
import type { ArchiveReader } from '../../../archive/doors.ts';
import { type ComparedRow, findCompared } from '../../../archive/records/priors.ts';
import { requireStudy } from '../../../archive/records/studies.ts';
import { notFound } from '../../../kernel/failure.ts';
import type { Audit } from '../../audit/index.ts';
import { type Compared, rankPriors } from './ranking.ts';

/** The studies of a patient that are compared: who has more is no person (a placeholder, a phantom). */
const MOST_COMPARED = 1_000;

type ComparedStudy = Compared & { readonly row: ComparedRow };

/** What the order may be made of: nothing that the actor doesn't see has a part in it. */
function comparedOf(row: ComparedRow, identity: boolean): ComparedStudy {
  const shown = (codes: readonly string[]): readonly string[] => (identity ? codes : codes.filter(isKnownCode));
  const mark = row.identity_mismatch;
  return {
    row,
    modalities: shown(row.modalities),
    bodyParts: shown(row.body_parts ?? []),
    sides: row.sides ?? [],
    descriptions: identity ? [row.description ?? '', ...(row.descriptions ?? [])] : [],
    moment: row.moment,
    isOtherIdentity: mark !== null && mark.kind !== 'NO_IDENTITY' && (mark.cause ?? 'DECIDED') !== 'DECIDED',
  };
}

/** Other studies of a study's patient, the best to compare with first; its use is audited. Fails with NOT_FOUND for a study out of scope, AMBIGUOUS_UID. */
export async function priorsOf(
  { db, audit }: { readonly db: ArchiveReader; readonly audit: Audit },
  actor: Actor,
  study: { readonly uid: string; readonly groupId: string | undefined },
  limit: number,
): Promise<ResultOf<typeof listPriors>> {
  const scope = scopeOf(actor);
  const identity = seesIdentity(actor);
  const { current, rows } = await db.reading(scope, async (tx) => {
    const current = await requireStudy(tx, actor, study.uid, study.groupId);
    return { current, rows: await findCompared(tx, scope, current.id, MOST_COMPARED + 2) };
  });
  const [first, ...others] = rows.map((row) => comparedOf(row, identity));
  if (first === undefined || first.row.id !== current.id) throw notFound();
  const ranked = rankPriors(first, others.slice(0, MOST_COMPARED));
  await audit.use(actor, { studyId: current.id, patientId: current.patient_id, groupId: current.group_id, kind: 'priors' });
  return {
    items: ranked.slice(0, limit).map(
      ({ study: { row, modalities, bodyParts }, reasons, isComparable }, index): Prior => ({
        id: row.id,
        studyInstanceUid: row.study_instance_uid,
        groupId: row.group_id,
        studyDate: row.study_date,
        studyTime: row.study_time,
        description: identity ? row.description : null,
        modalities: [...modalities],
        bodyParts: [...bodyParts],
        seriesCount: row.series_count,
        status: row.status,
        rank: index + 1,
        reasons: [...reasons],
        isComparable,
      }),
    ),
    isWhole: others.length <= Math.min(limit, MOST_COMPARED),
  };
}
