import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';

/** One study; its place names which one where the same UID is in several groups. */
export const studyQuery = (studyInstanceUid: string, groupId?: string) =>
  queryOptions({
    queryKey: ['study', studyInstanceUid, groupId ?? ''],
    queryFn: ({ signal }) => call('getStudy', { params: { studyInstanceUid }, query: { groupId }, signal }),
  });
