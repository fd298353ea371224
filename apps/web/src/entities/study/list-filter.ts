import { daysBefore, today } from '../../i18n/format.ts';
import { RANGE_DAYS, type studySearch } from '../../routing/search-params.ts';

/** What the filters of an address of the worklist ask the server for, without the order. */
export function listFilterOf({
  q,
  status,
  modality,
  range,
  urgency,
  assignee,
  label,
  site,
  prior,
}: ReturnType<typeof studySearch>) {
  return {
    ...{ q, status, modality, urgency, assignee, label, groupId: site },
    from: range === undefined ? undefined : daysBefore(today(), RANGE_DAYS[range]),
    prior: prior === undefined ? undefined : prior === 'only',
  };
}
