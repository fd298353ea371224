import type { SeriesSummary } from '@negatoscope/dicom';
import { useEffect, useState } from 'react';
import { DicomwebError, type DicomwebErrorCode, type StudyRef } from '../model/dicomweb.ts';
import { loadStudy } from '../model/study-source.ts';

export interface StudyState {
  readonly series: readonly SeriesSummary[] | undefined;
  readonly errorCode: DicomwebErrorCode | undefined;
  readonly retry: () => void;
}

interface Answer {
  readonly study: StudyRef;
  readonly series?: readonly SeriesSummary[];
  readonly errorCode?: DicomwebErrorCode;
}

/** The series of a study, in display order; nothing is asked for without one. */
export function useStudy(study: StudyRef | undefined): StudyState {
  const [answer, setAnswer] = useState<Answer>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after a failure.
  useEffect(() => {
    if (study === undefined) return;
    let isCurrent = true;
    loadStudy(study).then(
      (series) => {
        if (isCurrent) setAnswer({ study, series });
      },
      (error: unknown) => {
        if (isCurrent) setAnswer({ study, errorCode: error instanceof DicomwebError ? error.code : 'SERVER' });
      },
    );
    return () => {
      isCurrent = false;
      setAnswer(undefined);
    };
  }, [study, attempt]);
  // What was answered of another study is nothing of this one.
  const { series, errorCode } = answer?.study === study ? (answer ?? {}) : {};
  return { series, errorCode, retry: () => setAttempt((count) => count + 1) };
}
