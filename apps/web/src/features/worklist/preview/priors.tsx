import type { Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../../api/client.ts';
import { placeOf } from '../../../entities/study/place.ts';
import { formatDate } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { textOfFile } from '../../../i18n/text-of-file.ts';
import { Modalities } from '../../../ui/bits.tsx';
import { StatusSign } from '../../../ui/status.tsx';

const SHOWN = 5;

/** Other studies of the patient, those first that are best compared. */
export function PreviewPriors({ study }: { study: Study }) {
  const t = useText('worklist');
  const locale = useLocale();
  const { studyInstanceUid } = study;
  const { groupId } = placeOf(study);
  const { data } = useQuery({
    queryKey: ['priors', studyInstanceUid, groupId, SHOWN],
    queryFn: ({ signal }) => call('listPriors', { params: { studyInstanceUid }, query: { groupId, limit: SHOWN }, signal }),
  });
  return (
    <section>
      <h3 className="mb-1 text-[13px] font-medium text-dim">{t('previewPriors')}</h3>
      {data?.items.length === 0 && <p className="text-[13px] text-dim">{t('previewNoPriors')}</p>}
      <ul>
        {data?.items.map((prior) => (
          <li key={prior.id}>
            <Link
              to="/app/studies/$studyInstanceUid"
              params={{ studyInstanceUid: prior.studyInstanceUid }}
              search={placeOf(prior)}
              className="tabular flex min-h-9 items-center gap-2 rounded text-[13px] hover:bg-surface-2 coarse:min-h-11"
            >
              <StatusSign status={prior.status} />
              <span className="shrink-0">{formatDate(prior.studyDate, locale)}</span>
              <Modalities list={prior.modalities} max={1} />
              <span className="truncate text-dim">{textOfFile(prior.description)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
