import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import type { Query } from '../../api/routes.ts';

/** Whose midnights part the days: the reader's. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Figures of the screening of a period, with filters. What is asked again is shown as it was meanwhile. */
export const screeningQuery = (query: Query<'screeningStatistics'>) =>
  queryOptions({
    queryKey: ['statistics', 'screening', query],
    queryFn: ({ signal }) => call('screeningStatistics', { query: { ...query, timeZone: timeZone() }, signal }),
  });
