import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import type { Query } from '../../api/operation.ts';

/** Whose midnights part the days: the reader's. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Figures of the screening of a period, with filters. What is asked again is shown as it was meanwhile. */
export const screeningQuery = (query: Query<'screeningStatistics'>) =>
  queryOptions({
    queryKey: ['statistics', 'screening', query],
    queryFn: ({ signal }) => call('screeningStatistics', { query: { ...query, timeZone: timeZone() }, signal }),
  });
export const arrivalsQuery = (query: Query<'arrivalStatistics'>) =>
  queryOptions({
    queryKey: ['statistics', 'arrivals', query],
    queryFn: ({ signal }) => call('arrivalStatistics', { query: { ...query, timeZone: timeZone() }, signal }),
  });
export const delaysQuery = (query: Query<'delayStatistics'>) =>
  queryOptions({
    queryKey: ['statistics', 'delays', query],
    queryFn: ({ signal }) => call('delayStatistics', { query: { ...query, timeZone: timeZone() }, signal }),
  });
export const storageQuery = (query: Query<'storageStatistics'>) =>
  queryOptions({
    queryKey: ['statistics', 'storage', query],
    queryFn: ({ signal }) => call('storageStatistics', { query: { ...query, timeZone: timeZone() }, signal }),
  });
export const peopleQuery = (query: Query<'peopleStatistics'>) =>
  queryOptions({
    queryKey: ['statistics', 'people', query],
    queryFn: ({ signal }) => call('peopleStatistics', { query: { ...query, timeZone: timeZone() }, signal }),
  });
export const agreementQuery = (query: Query<'agreementStatistics'>) =>
  queryOptions({
    queryKey: ['statistics', 'agreement', query],
    queryFn: ({ signal }) => call('agreementStatistics', { query: { ...query, timeZone: timeZone() }, signal }),
  });
