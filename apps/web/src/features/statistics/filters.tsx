import { AGE_BANDS, REFERENCES } from '@negatoscope/contract/screening';
import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { SiteFilter } from '../../entities/group/site-filter.tsx';
import { modelsQuery } from '../../entities/prediction/model-cards.tsx';
import { useText } from '../../i18n/index.ts';
import { SEXES, STATISTICS_RANGES } from '../../routing/search-params.ts';
import { FilterSelect, Segments } from '../../ui/field.tsx';
import { FoldedFilters, setOf } from '../../ui/folded-filters.tsx';
import { ageText, type Search } from './words.ts';

interface FiltersProps {
  readonly search: Search;
  readonly onChange: (change: Partial<Record<keyof Search, unknown>>) => void;
}

const orNothing = (value: string): string | undefined => (value === '' ? undefined : value);

/** Whom and what the figures are of. */
export function Filters({ search, onChange }: FiltersProps) {
  const t = useText('statistics');
  return (
    <div className="flex flex-wrap items-center gap-1.5 pb-4 [&_select]:[field-sizing:content]">
      <Segments
        label={t('period')}
        value={search.range ?? 'month'}
        onChange={(range) => onChange({ range })}
        choices={STATISTICS_RANGES.map((value) => ({ value, label: t(`range_${value}`) }))}
      />
      <FoldedFilters set={setOf(search, ['model', 'site', 'age', 'sex', 'reference'])}>
        <Places search={search} onChange={onChange} />
        <People search={search} onChange={onChange} />
        <FilterSelect
          label={t('reference')}
          value={search.reference ?? ''}
          onChange={(reference) => onChange({ reference: orNothing(reference) })}
          choices={REFERENCES.map((one) => ({ value: one === 'ANY' ? '' : one, label: t(`reference_${one}`) }))}
        />
      </FoldedFilters>
    </div>
  );
}

/** Where, and by which model. */
function Places({ search, onChange }: FiltersProps) {
  const t = useText('statistics');
  const models = useQuery(modelsQuery).data?.items ?? [];
  const keys = models.map(({ name, version }) => `${name} ${version}`);
  // What a model that is gone has said stays.
  const kept = search.model === undefined || keys.includes(search.model) ? [] : [search.model];
  return (
    <>
      <FilterSelect
        label={t('model')}
        value={search.model ?? ''}
        onChange={(model) => onChange({ model: orNothing(model) })}
        choices={[{ value: '', label: t('anyModel') }, ...[...keys, ...kept].map((key) => ({ value: key, label: key }))]}
      />
      <SiteFilter site={search.site} onChange={(site) => onChange({ site })} />
    </>
  );
}

/** Whom: who sees pseudonyms is told no age. */
function People({ search, onChange }: FiltersProps) {
  const t = useText('statistics');
  const can = useCan();
  const ages = AGE_BANDS.map((band) => ({ value: band, label: ageText(band, t) }));
  const sexes = SEXES.map((sex) => ({ value: sex, label: t(`sex_${sex}`) }));
  return (
    <>
      {can('patients.identity') && (
        <FilterSelect
          label={t('age')}
          value={search.age ?? ''}
          onChange={(age) => onChange({ age: orNothing(age) })}
          choices={[{ value: '', label: t('anyAge') }, ...ages]}
        />
      )}
      <FilterSelect
        label={t('sex')}
        value={search.sex ?? ''}
        onChange={(sex) => onChange({ sex: orNothing(sex) })}
        choices={[{ value: '', label: t('anySex') }, ...sexes]}
      />
    </>
  );
}
