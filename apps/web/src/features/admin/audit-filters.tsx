import { useText } from '../../i18n/index.ts';
import { AUDIT_OUTCOMES, type auditSearch, DATE_RANGES } from '../../routing/search-params.ts';
import { Button } from '../../ui/button.tsx';
import { FilterSelect, Segments } from '../../ui/field.tsx';
import { FilterRow, SearchBox } from '../../ui/page.tsx';

interface FiltersProps {
  readonly search: ReturnType<typeof auditSearch>;
  readonly onChange: (change: object) => void;
}

const RANGE_LABELS = { today: 'rangeToday', week: 'rangeWeek', month: 'rangeMonth' } as const;
const orNothing = (value: string) => (value === '' ? undefined : value);

/** What the journal is narrowed to. */
export function AuditFilters({ search, onChange }: FiltersProps) {
  const t = useText('admin');
  return (
    <div className="flex flex-wrap gap-2 px-4 pb-2">
      <SearchBox
        isHalf
        value={search.action ?? ''}
        label={t('filterAction')}
        placeholder={t('filterAction')}
        onChange={(value) => onChange({ action: orNothing(value) })}
      />
      <SearchBox
        isPageSearch={false}
        isHalf
        value={search.entity ?? ''}
        label={t('filterEntity')}
        placeholder={t('filterEntity')}
        onChange={(value) => onChange({ entity: orNothing(value) })}
      />
      <OutcomeAndPeriod search={search} onChange={onChange} />
      <Only search={search} onChange={onChange} />
    </div>
  );
}

function OutcomeAndPeriod({ search, onChange }: FiltersProps) {
  const t = useText('admin');
  const worklist = useText('worklist');
  const outcomes = AUDIT_OUTCOMES.map((value) => ({ value, label: t(`outcome${value}`) }));
  return (
    <FilterRow>
      <FilterSelect
        label={t('outcome')}
        value={search.outcome ?? ''}
        onChange={(value) => onChange({ outcome: orNothing(value) })}
        choices={[{ value: '', label: t('anyOutcome') }, ...outcomes]}
      />
      <Segments
        label={worklist('range')}
        value={search.range ?? ''}
        onChange={(value) => onChange({ range: orNothing(value) })}
        choices={[
          ...DATE_RANGES.map((value) => ({ value, label: worklist(RANGE_LABELS[value]) })),
          { value: '', label: t('anyPeriod') },
        ]}
      />
    </FilterRow>
  );
}

/** Of whom alone the journal tells just now, and the way back to everything. */
function Only({ search, onChange }: FiltersProps) {
  const t = useText('admin');
  if (search.patient === undefined && search.actor === undefined) return null;
  return (
    <p className="flex basis-full flex-wrap items-center gap-2 text-[13px]">
      {[search.patient === undefined ? [] : [t('ofPatient')], search.actor === undefined ? [] : [t('ofPerson')]]
        .flat()
        .join(' · ')}
      <Button onPress={() => onChange({ patient: undefined, actor: undefined })}>{t('showAll')}</Button>
    </p>
  );
}
