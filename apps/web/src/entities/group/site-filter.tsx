import { useQuery } from '@tanstack/react-query';
import { useText } from '../../i18n/index.ts';
import { FilterSelect } from '../../ui/field.tsx';
import { groupsQuery } from './queries.ts';

interface SiteFilterProps {
  /** A group's id, `none`, or undefined for all. */
  readonly site: string | undefined;
  readonly onChange: (site: string | undefined) => void;
}

/** What is of one site, or of none; nothing to whom there are no sites. */
export function SiteFilter({ site, onChange }: SiteFilterProps) {
  const t = useText('predictions');
  const sites = useQuery(groupsQuery).data?.items ?? [];
  if (sites.length === 0) return null;
  return (
    <FilterSelect
      label={t('site')}
      value={site ?? ''}
      onChange={(value) => onChange(value === '' ? undefined : value)}
      choices={[
        { value: '', label: t('anySite') },
        ...sites.map(({ id, name }) => ({ value: id, label: name })),
        { value: 'none', label: t('noSite') },
      ]}
    />
  );
}
