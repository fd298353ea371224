import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

/** What one may begin a report with, and what abbreviations stand for. */
export const reportTextsQuery = queryOptions({
  queryKey: ['report-texts', 'to-use'],
  queryFn: ({ signal }) => call('listReportTexts', { query: {}, signal }),
  staleTime: 5 * 60_000,
});
/** Those of every site, for who manages sites. */
export const siteTextsQuery = queryOptions({
  queryKey: ['report-texts', 'of-sites'],
  queryFn: ({ signal }) => call('listReportTexts', { query: { ofAllSites: true }, signal }),
});
export const refreshTexts = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['report-texts'] });
