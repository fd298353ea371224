import { useEffect, useState } from 'react';
import { DicomwebError, type DicomwebErrorCode, type StudyRef } from '../model/dicomweb.ts';
import type { SeriesSummary } from '../model/study-model.ts';
import { loadStudy } from '../model/study-source.ts';

export interface StudyState {
  readonly series: readonly SeriesSummary[] | undefined;
  readonly errorCode: DicomwebErrorCode | undefined;
  readonly retry: () => void;
}

/** The series of a study, in display order. */
export function useStudy(study: StudyRef): StudyState {
  const [series, setSeries] = useState<readonly SeriesSummary[]>();
  const [errorCode, setErrorCode] = useState<DicomwebErrorCode>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after a failure.
  useEffect(() => {
    let isCurrent = true;
    setErrorCode(undefined);
    loadStudy(study).then(
      (list) => {
        if (isCurrent) setSeries(list);
      },
      (error: unknown) => {
        if (isCurrent) setErrorCode(error instanceof DicomwebError ? error.code : 'SERVER');
      },
    );
    return () => {
      isCurrent = false;
      setSeries(undefined);
    };
  }, [study, attempt]);
  return { series, errorCode, retry: () => setAttempt((count) => count + 1) };
}
