import type { DeidChange, DeidPreview } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { reasonText } from './because.ts';
import { pictureAddress } from './picture-address.ts';

const DONE = ['removed', 'emptied', 'dummy', 'uid', 'shifted', 'cleaned', 'kept', 'replaced', 'added'] as const;
type Done = (typeof DONE)[number];
const isKnown = (done: string): done is Done => DONE.some((one) => one === done);

function Changes({ changes }: { changes: readonly DeidChange[] }) {
  const t = useText('deid');
  return (
    <div className="max-h-72 overflow-auto rounded-lg border border-line">
      <table className="w-full text-left text-[13px]">
        <thead className="sticky top-0 bg-surface-2">
          <tr>
            {[t('attribute'), t('whatDone'), t('before'), t('after')].map((head) => (
              <th key={head} scope="col" className="px-2 py-1.5 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, keyword, done, before, after }) => (
            <tr key={path} className="border-t border-line/70 align-top">
              <th scope="row" className="px-2 py-1 font-normal break-all">
                {keyword === '' ? path : keyword}
              </th>
              <td className="px-2 py-1">{isKnown(done) ? t(`done_${done}`) : done}</td>
              <td className="px-2 py-1 break-all text-dim">{textOfFile(before)}</td>
              <td className="px-2 py-1 break-all">{textOfFile(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Unseen = NonNullable<DeidPreview['unseen']>;

/** With its name below it, and over it what looks like text; nothing where it can't be shown. */
function Picture({ src, name, unseen }: { src: string; name: string; unseen?: Unseen | null }) {
  return (
    <figure className="flex flex-col gap-1">
      <div className="relative w-fit">
        <img
          src={src}
          alt={name}
          className="max-h-56 w-fit max-w-full rounded-lg bg-black"
          loading="lazy"
          onError={({ currentTarget }) => currentTarget.closest('figure')?.remove()}
        />
        {unseen != null && <Looks {...unseen} />}
      </div>
      <figcaption className="text-[13px] text-dim" aria-hidden="true">
        {name}
      </figcaption>
    </figure>
  );
}

function Looks({ rows, columns, looks }: Unseen) {
  return (
    <svg
      viewBox={`0 0 ${columns} ${rows}`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 size-full"
      aria-hidden="true"
    >
      {looks.map(({ left, top, right, bottom }) => (
        <rect
          key={`${left} ${top} ${right} ${bottom}`}
          {...{ x: left, y: top, width: right - left, height: bottom - top }}
          fill="none"
          stroke="#fbbf24"
          strokeWidth={2}
          strokeDasharray="6 4"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

function OfStudy({ preview, showsKept }: { preview: DeidPreview; showsKept: boolean }) {
  const t = useText('deid');
  const locale = useLocale();
  const {
    patient,
    studyDate,
    description,
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
    because,
    isRecognisable,
    changes,
    picture,
    unseen,
  } = preview;
  const title = [patient, studyDate === null ? null : formatDate(studyDate, locale), textOfFile(description)]
    .filter(Boolean)
    .join(' · ');
  const isPlaced = seriesInstanceUid !== null && sopInstanceUid !== null;
  return (
    <section className="flex flex-col gap-2" aria-label={title}>
      <h3 className="font-medium">{title}</h3>
      {because !== null && <Notice tone="amber">{t('previewStays', { why: reasonText(because, t) })}</Notice>}
      {isRecognisable && <Notice tone="amber">{t('previewFace')}</Notice>}
      {unseen !== null && <p className="text-[13px] text-dim">{t('previewUnseen')}</p>}
      {unseen !== null && unseen.looks.length > 0 && (
        <Notice tone="amber">{t('previewLooks', { count: unseen.looks.length })}</Notice>
      )}
      <div className="flex flex-wrap gap-4">
        {isPlaced && (
          <Picture src={pictureAddress({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }, 0)} name={t('before')} />
        )}
        {picture !== null && <Picture src={picture} name={t('after')} unseen={unseen} />}
      </div>
      <Changes changes={changes.filter(({ done }) => showsKept || done !== 'kept')} />
    </section>
  );
}

interface Props {
  readonly patientIds: readonly string[];
  readonly studyInstanceUids?: readonly string[] | undefined;
  readonly projectId?: string | undefined;
}
/** One file of each study before and after, for who sees identities. Asked when it is opened, and kept nowhere. */
export function Preview({ patientIds, studyInstanceUids, projectId }: Props) {
  const t = useText('deid');
  const locale = useLocale();
  const [showsKept, setShowsKept] = useState(false);
  const body = {
    patientIds: [...new Set(patientIds)],
    ...(studyInstanceUids === undefined ? {} : { studyInstanceUids: [...studyInstanceUids] }),
    ...(projectId === undefined ? {} : { projectId }),
  };
  const { data, error, refetch } = useQuery({
    queryKey: ['deid-preview', body],
    queryFn: ({ signal }) => call('previewDeid', { body, signal }),
    gcTime: 0,
    retry: false,
  });
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={160} />;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-[13px] text-dim">
        {t('previewText')}{' '}
        {data.studies > data.items.length && t('previewMore', { shown: data.items.length, count: data.studies })}
      </p>
      <label className="flex min-h-8 items-center gap-2 text-sm coarse:min-h-11">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={showsKept}
          onChange={(event) => setShowsKept(event.target.checked)}
        />
        {t('showKept')}
      </label>
      {data.items.map((preview) => (
        <OfStudy key={preview.studyInstanceUid} {...{ preview, showsKept }} />
      ))}
    </div>
  );
}
