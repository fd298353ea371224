import type { Study } from '@negatoscope/contract';
import { useNavigate } from '@tanstack/react-router';
import { createElement, useEffect, useMemo, useRef } from 'react';
import { errorText } from '../../api/error.ts';
import { fetchStudyAhead } from '../../entities/study/prefetch.ts';
import { nextToRead } from '../../entities/study/reading-list.ts';
import { setStudyStatus } from '../../entities/study/status.ts';
import { currentLocale, text } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import type { ReadingPorts } from '../../viewer/panel/ports.ts';
import { StudyAbout } from './study-about.tsx';

const NO_GROUP = 'none';

/** What the viewer asks of the page: the next study of the list that this one was opened from, and the mark that this one is read. */
export function useReadingPorts(
  studyInstanceUid: string,
  groupId: string | undefined,
  study: Study | undefined,
  opensPanel: boolean,
): ReadingPorts {
  const navigate = useNavigate();
  // As it was when it was opened: the mark is made on what is there by then, and undone to this.
  const opened = useRef(study);
  useEffect(() => {
    if (opened.current?.studyInstanceUid !== study?.studyInstanceUid) opened.current = study;
  });
  return useMemo(() => {
    const open: ReadingPorts['open'] = (next) =>
      void navigate({
        to: '/app/studies/$studyInstanceUid',
        params: { studyInstanceUid: next.studyInstanceUid },
        search: { groupId: next.groupId ?? NO_GROUP },
      });
    return {
      opensPanel,
      about: createElement(StudyAbout, { studyInstanceUid, groupId }),
      open,
      openNext: (next) =>
        void navigate({
          to: '/app/studies/$studyInstanceUid',
          params: { studyInstanceUid: next.studyInstanceUid },
          search: { groupId: next.groupId ?? NO_GROUP },
          // The way back leads to the list, not through everything that was read.
          replace: true,
        }),
      findNext: () => nextToRead({ studyInstanceUid, groupId: groupId ?? opened.current?.groupId ?? NO_GROUP }),
      prefetch: ({ studyInstanceUid: uid, groupId: group }) => fetchStudyAhead(uid, group),
      markRead: async () => opened.current !== undefined && setStudyStatus(opened.current, 'VALIDATED'),
      onNothingLeft: () => showToast(text('worklist', 'nothingLeft')),
      onFailed: (error) => showToast(errorText(error, currentLocale()), { tone: 'danger' }),
    };
  }, [navigate, studyInstanceUid, groupId, opensPanel]);
}
