import type { SignedContent } from '@negatoscope/contract';
import { can, type Person, scopeOf, seesIdentity } from '../../access/index.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { isStudyLike, isStudyOf } from '../../archive/records/whose.ts';
import { type Between, type Slice, type Sliced, TOTAL_CAP } from '../../kernel/list.ts';
import type { ReportDeps } from './service.ts';
import { signedOf } from './shown.ts';
import { saidIn } from './words.ts';

/** What is absent or null is not asked for; an empty list finds nothing. */
interface ReportWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly studyIds?: readonly string[] | null;
  /** Whether the version that counts is the first, or amends one. */
  readonly isAmended?: boolean | null;
  /** Days of the study, both included. */
  readonly studyDays?: Between;
  readonly signed?: Between;
}

interface SignedOf {
  /** The same for all versions of a report. */
  readonly id: string;
  readonly content: SignedContent;
  /** All that it says, under the names of its sections. */
  readonly text: string;
  readonly study: { readonly id: string; readonly patientId: string; readonly groupId: string | null };
}

/** The version of each report that counts. One of a study that is in another record than it was signed for is nobody's until it is amended. */
const FOUND = `FROM report_versions f JOIN report_versions v ON v.study_id = f.study_id
  WHERE f.number = 1 AND NOT EXISTS (SELECT FROM report_versions n WHERE n.study_id = v.study_id AND n.number > v.number)
    AND ${inPartition('f', 1)} AND ($4::uuid[] IS NULL OR f.id = ANY($4)) AND ${isStudyLike('f.study_id', { patients: '$5', from: '$6', to: '$7' })}
    AND ($8::uuid[] IS NULL OR f.study_id = ANY($8)) AND ($9::boolean IS NULL OR (v.number > 1) = $9) AND ${isStudyOf('v.study_id', 'v.written_for')}
    AND ($10::timestamptz IS NULL OR v.signed_at >= $10) AND ($11::timestamptz IS NULL OR v.signed_at < $11)` as const;
const REPORTS =
  `SELECT f.id, v.number, v.study_id, v.group_id, v.written_for, v.content, v.sha256, sha256(v.content) = v.sha256 AS is_whole ${FOUND}
   AND ($12::uuid IS NULL OR f.id <= $12) ORDER BY f.id DESC LIMIT $13` as const;
const REPORT_COUNT = `SELECT count(*)::int AS n FROM (SELECT ${FOUND} LIMIT $12) AS counted` as const;

const ANY: Between = { from: null, to: null };

/** Signed reports that this actor may read; none for who reads no reports, or sees no identities. A draft is never among them. Fails with OBJECT_DAMAGED. */
async function signed(
  { db }: Pick<ReportDeps, 'db'>,
  actor: Person,
  { ids = null, patientIds = null, studyIds = null, isAmended = null, studyDays = ANY, signed: at = ANY }: ReportWish,
  { from, limit, isCounted }: Slice,
): Promise<Sliced<SignedOf>> {
  if (!can(actor, 'reports.read') || !seesIdentity(actor)) return { items: [], total: 0 };
  const scope = scopeOf(actor);
  const values = [
    ...partitionValues(scope),
    ...([ids, patientIds, studyDays.from, studyDays.to, studyIds, isAmended] as const),
    ...([at.from, at.to] as const),
  ] as const;
  return db.reading(scope, async (tx) => {
    const rows = await tx.rows(REPORTS, [...values, from, limit]);
    const total = isCounted ? ((await tx.first(REPORT_COUNT, [...values, TOTAL_CAP + 1]))?.n ?? 0) : null;
    const items = rows.map((row) => {
      const { content } = signedOf(row, row.written_for);
      const text = saidIn(content).map(([name, said]) => `${name}\n${said}\n`);
      const study = { id: row.study_id, patientId: row.written_for, groupId: row.group_id };
      return { id: row.id, content, text: text.join('\n'), study };
    });
    return { items, total };
  });
}

/** What other rooms are told of reports. */
export const readerOf = (deps: Pick<ReportDeps, 'db'>) => ({
  signed: (actor: Person, wish: ReportWish, slice: Slice) => signed(deps, actor, wish, slice),
});
