import { SiteFilter } from '../../entities/group/site-filter.tsx';
import { useText } from '../../i18n/index.ts';
import { STATISTICS_RANGES, STATISTICS_STEPS } from '../../routing/search-params.ts';
import { FilterSelect, Segments } from '../../ui/field.tsx';
import { FoldedFilters, setOf } from '../../ui/folded-filters.tsx';
import type { ViewProps } from './periods.ts';

interface Props extends ViewProps {
  /** What there is to choose of; undefined where modalities are not told apart. */
  readonly modalities?: readonly string[] | undefined;
  readonly hasPlaces?: boolean;
}

const orNothing = (value: string): string | undefined => (value === '' ? undefined : value);

function StepAndSite({ search, onChange }: ViewProps) {
  const t = useText('activity');
  return (
    <>
      <FilterSelect
        label={t('step')}
        value={search.step ?? ''}
        onChange={(value) => onChange({ step: orNothing(value) })}
        choices={[
          { value: '', label: t('step_auto') },
          ...STATISTICS_STEPS.map((value) => ({ value, label: t(`step_${value}`) })),
        ]}
      />
      <SiteFilter site={search.site} onChange={(site) => onChange({ site })} />
    </>
  );
}

/** Of which days, by which steps, of which studies. */
export function ActivityFilters({ search, onChange, modalities, hasPlaces = true }: Props) {
  const t = useText('activity');
  const { modality } = search;
  const known = modality === undefined || modalities?.includes(modality) ? (modalities ?? []) : [modality, ...(modalities ?? [])];
  return (
    <div className="flex flex-wrap items-center gap-2 pb-4 print:hidden">
      <Segments
        label={t('period')}
        value={search.range ?? 'month'}
        onChange={(range) => onChange({ range })}
        choices={STATISTICS_RANGES.map((value) => ({ value, label: t(`range_${value}`) }))}
      />
      {(hasPlaces || modalities !== undefined) && (
        <FoldedFilters set={setOf(search, ['step', 'site', 'modality'])}>
          {hasPlaces && <StepAndSite search={search} onChange={onChange} />}
          {modalities !== undefined && (
            <FilterSelect
              label={t('modality')}
              value={modality ?? ''}
              onChange={(value) => onChange({ modality: orNothing(value) })}
              choices={[{ value: '', label: t('anyModality') }, ...known.map((value) => ({ value, label: value }))]}
            />
          )}
        </FoldedFilters>
      )}
    </div>
  );
}
