import type { Study } from '@negatoscope/contract';
import { useState } from 'react';
import { placeOf } from '../../entities/study/place.ts';
import { Modalities } from '../../ui/bits.tsx';
import { studyUrl } from '../../viewer/model/study-url.ts';

/** A small picture of a study, or how it was made where there is none to see. Its text stands beside it. */
export function StudyPicture({ study }: { study: Study }) {
  const [hasFailed, setFailed] = useState(false);
  const { studyInstanceUid } = study;
  return (
    <span className="flex size-12 shrink-0 items-center justify-center overflow-hidden rounded-md border border-line bg-black">
      {hasFailed ? (
        <Modalities list={study.modalities.slice(0, 1)} />
      ) : (
        <img
          src={`${studyUrl({ studyInstanceUid, ...placeOf(study) })}/thumbnail`}
          alt=""
          loading="lazy"
          className="size-full object-contain"
          onError={() => setFailed(true)}
        />
      )}
    </span>
  );
}
