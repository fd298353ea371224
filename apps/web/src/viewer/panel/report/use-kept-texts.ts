import type { ReportPhrase, ReportTemplate } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useUser } from '../../../api/me.ts';
import { countsAt, siteFor } from '../../../entities/group/site.ts';
import { reportTextsQuery } from '../../../entities/report-texts/queries.ts';

interface KeptTexts {
  readonly templates: readonly ReportTemplate[];
  readonly phrases: readonly ReportPhrase[];
}
const NONE: KeptTexts = { templates: [], phrases: [] };

/** Templates and phrases of one’s own, of the study's site and of the installation; none until they are there: ours are, and nobody waits to write. */
export function useKeptTexts(groupId: string | undefined): KeptTexts {
  const { data } = useQuery(reportTextsQuery);
  const site = siteFor(useUser(), groupId);
  return useMemo(() => {
    if (data === undefined) return NONE;
    const counts = (one: { readonly siteId: string | null }): boolean => countsAt(site, one);
    return { templates: data.templates.filter(counts), phrases: data.phrases.filter(counts) };
  }, [data, site]);
}
