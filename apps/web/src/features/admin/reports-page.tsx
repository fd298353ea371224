import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { errorText } from '../../api/error.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { Phrases } from '../../entities/report-texts/phrases.tsx';
import { siteTextsQuery } from '../../entities/report-texts/queries.ts';
import { Templates } from '../../entities/report-texts/templates.tsx';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { SelectField } from '../../ui/field.tsx';
import { CARDS, Cards, PageHead, Scroll } from '../../ui/page.tsx';
import { SiteSettings } from './report-sites/site-settings.tsx';

/** What a site, or the whole installation, says of its reports. */
export function ReportsPage() {
  const t = useText('reports');
  const [site, setSite] = useState('');
  const groups = useQuery(groupsQuery).data?.items ?? [];
  const choices = [{ value: '', label: t('everybody') }, ...groups.map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <>
      <PageHead width={CARDS} title={t('pageTitle')} />
      <Scroll width={CARDS}>
        {groups.length > 0 && (
          <div className="mb-5">
            <SelectField label={t('whose')} choices={choices} value={site} onChange={({ target }) => setSite(target.value)} />
          </div>
        )}
        <Cards>
          <SiteTexts key={site} siteId={site === '' ? null : site} />
          <SiteSettings siteId={site === '' ? null : site} />
        </Cards>
      </Scroll>
    </>
  );
}

function SiteTexts({ siteId }: { siteId: string | null }) {
  const t = useText('reports');
  const locale = useLocale();
  const { data, error, refetch } = useQuery(siteTextsQuery);
  if (data === undefined)
    return error === null ? (
      <Skeleton width="100%" height={120} />
    ) : (
      <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />
    );
  const whose = { level: 'SITE', siteId } as const;
  return (
    <>
      <Templates title={t('templates')} whose={whose} items={data.templates} />
      <Phrases title={t('phrases')} whose={whose} items={data.phrases} />
    </>
  );
}
