import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { call } from '../../../api/client.ts';
import { beforeSignOut } from '../../../api/kept-edits.ts';
import { useCan, useUser } from '../../../api/me.ts';
import { useLocale } from '../../../i18n/index.ts';
import type { StudyRef } from '../../model/dicomweb.ts';
import { type Keeping, ReportKeeper } from './report-keeper.ts';

const keepers = new Map<string, ReportKeeper>();

const unsaved = (): ReportKeeper[] => [...keepers.values()].filter(({ isUnsaved }) => isUnsaved);

window.addEventListener('pagehide', () => {
  for (const keeper of unsaved()) void keeper.flush();
});
window.addEventListener('beforeunload', (event) => {
  if (unsaved().length > 0) event.preventDefault();
});
beforeSignOut(async () => {
  await Promise.all(unsaved().map((keeper) => keeper.flush()));
  keepers.clear();
});

export const reportQuery = (study: StudyRef) => ({
  queryKey: ['report', study.studyInstanceUid, study.groupId ?? ''] as const,
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    call('getReport', { params: { studyInstanceUid: study.studyInstanceUid }, query: { groupId: study.groupId }, signal }),
});

/** The one that keeps this person's text of a study, for as long as the page is there. */
function keeperOf(study: StudyRef, authorId: string, language: Keeping['language']): ReportKeeper {
  const key = `${authorId} ${study.studyInstanceUid} ${study.groupId ?? ''}`;
  const keeper = keepers.get(key) ?? new ReportKeeper(study, authorId, language);
  keepers.set(key, keeper);
  return keeper;
}

const never = (): (() => void) => () => undefined;
const nothing = (): undefined => undefined;

/** The report of a study and, for who writes reports, what they write of it. */
export function useReport(study: StudyRef) {
  const can = useCan();
  const user = useUser();
  const locale = useLocale();
  const mayRead = can('reports.read');
  const mayWrite = can('reports.write');
  const { data: report, isError, refetch } = useQuery({ ...reportQuery(study), enabled: mayRead });
  const keeper = mayWrite && user !== undefined ? keeperOf(study, user.id, locale) : undefined;
  const keeping = useSyncExternalStore<Keeping | undefined>(keeper?.subscribe ?? never, keeper?.snapshot ?? nothing);
  useEffect(() => {
    if (report !== undefined) keeper?.receive(report);
  }, [keeper, report]);
  useEffect(() => () => void keeper?.flush(), [keeper]);
  return { report, isError, refetch, mayRead, keeper, keeping };
}
