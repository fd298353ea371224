import type { StudyRow } from '../../archive/records/study-rows.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { isTooYoung, knownOfStudy } from './gates.ts';
import { YOUNGEST } from './models/manifest.ts';
import { findLeastAges } from './models/repository.ts';
import type { PredictionRow } from './repository.ts';

/** Of films those whose patient, as the record has them now, was too young for the model that answered. */
export async function tooYoungAmong(
  tx: ReadTx,
  rows: readonly Pick<PredictionRow, 'id' | 'study_id' | 'model_name' | 'model_version' | 'created_at'>[],
  studies: ReadonlyMap<string, StudyRow>,
): Promise<ReadonlySet<string>> {
  const names = [
    ...new Set(rows.flatMap(({ model_name, study_id }) => (study_id === null || model_name === '' ? [] : [model_name]))),
  ];
  if (names.length === 0) return new Set();
  const ages = await findLeastAges(tx, names);
  // No model may be asked of anybody younger, also one that has been removed.
  const leastOf = ({ model_name, model_version }: (typeof rows)[number]): number =>
    ages.find(({ name, version }) => name === model_name && version === model_version)?.years ?? YOUNGEST;
  const young = rows.filter((row) => {
    const study = studies.get(row.study_id ?? '');
    return study !== undefined && isTooYoung(knownOfStudy(study), row.created_at, { minAgeYears: leastOf(row) });
  });
  return new Set(young.map(({ id }) => id));
}
