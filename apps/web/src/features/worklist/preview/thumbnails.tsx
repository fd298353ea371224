import type { Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { errorText } from '../../../api/error.ts';
import { placeOf } from '../../../entities/study/place.ts';
import { studyQuery } from '../../../entities/study/queries.ts';
import { useLocale } from '../../../i18n/index.ts';
import { textOfFile } from '../../../i18n/text-of-file.ts';
import { LoadError, Skeleton } from '../../../ui/bits.tsx';
import { seriesUrl } from '../../../viewer/model/study-url.ts';

const MOST = 6;

/** A picture of each of the first series. */
export function PreviewThumbnails({ study }: { study: Study }) {
  const locale = useLocale();
  // What was refused or lost is told at once: boxes that wait for nothing look like a slow line.
  const { data, error, refetch } = useQuery({
    ...studyQuery(study.studyInstanceUid, placeOf(study).groupId),
    retry: false,
  });
  const count = Math.min(MOST, Math.max(1, study.seriesCount));
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) {
    return (
      <div className="grid grid-cols-3 gap-2">
        {Array.from({ length: count }, (_, index) => (
          <Skeleton key={`s${index.toString()}`} width="100%" height={112} />
        ))}
      </div>
    );
  }
  const address = { studyInstanceUid: study.studyInstanceUid, groupId: placeOf(study).groupId };
  return (
    <ul className="grid grid-cols-3 gap-2">
      {data.series.slice(0, MOST).map((series) => (
        <Thumbnail
          key={series.id}
          address={`${seriesUrl(address, series.seriesInstanceUid)}/thumbnail`}
          name={textOfFile(`${series.modality} ${series.description ?? ''}`)}
        />
      ))}
    </ul>
  );
}

function Thumbnail({ address, name }: { address: string; name: string }) {
  const [hasFailed, setFailed] = useState(false);
  return (
    <li className="min-w-0">
      <span className="flex aspect-square items-center justify-center overflow-hidden rounded-lg border border-line bg-black">
        {hasFailed ? (
          <span className="px-1 text-center text-[12px] text-[#9fb0c0]">{name}</span>
        ) : (
          <img src={address} alt={name} loading="lazy" className="size-full object-contain" onError={() => setFailed(true)} />
        )}
      </span>
      <span className="mt-1 block truncate text-[12px] text-dim" title={name}>
        {name}
      </span>
    </li>
  );
}
