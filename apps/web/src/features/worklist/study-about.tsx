import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { LabelChips } from '../../entities/study/labels.tsx';
import { studyQuery } from '../../entities/study/queries.ts';
import { PriorMark, UrgencyMark } from '../../entities/study/urgency.tsx';
import { WorkMenu } from '../../entities/study/work-menu.tsx';

// Its code waits until the panel is open: none of it stands before the images.
const ShareButton = lazy(() => import('./share-study.tsx'));

interface StudyAboutProps {
  readonly studyInstanceUid: string;
  readonly groupId: string | undefined;
}

/** Beside the images: who is to read the study, how soon, and its labels. */
export function StudyAbout({ studyInstanceUid, groupId }: StudyAboutProps) {
  const { data: study } = useQuery(studyQuery(studyInstanceUid, groupId));
  if (study === undefined) return null;
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm">
      <WorkMenu study={study} isTold />
      <UrgencyMark urgency={study.urgency} />
      <PriorMark study={study} />
      <LabelChips labels={study.labels} most={6} />
      <Suspense>
        <ShareButton study={study} />
      </Suspense>
    </div>
  );
}
