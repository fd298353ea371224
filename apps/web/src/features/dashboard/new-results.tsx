import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { markRead, noticesOf } from '../../entities/notice/queries.ts';
import { placeOf } from '../../entities/study/place.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Button } from '../../ui/button.tsx';

/** Reports that were signed of a physician's patients and that they have not seen. */
export function NewResults() {
  const t = useText('dashboard');
  const locale = useLocale();
  const { data } = useQuery(noticesOf('REPORT_SIGNED'));
  const items = data?.items.filter(({ readAt, study }) => readAt === null && study !== null) ?? [];
  return (
    <section className="ng-card overflow-hidden">
      <div className="flex items-center justify-between px-4 pt-3.5 pb-2">
        <h2 className="font-semibold">{t('newResults')}</h2>
        {items.length > 0 && (
          <Button kind="quiet" size="small" onPress={() => void markRead(items.map(({ id }) => id))}>
            {t('seenAll')}
          </Button>
        )}
      </div>
      {data !== undefined && items.length === 0 && <p className="px-4 pb-4 text-dim">{t('newResultsNone')}</p>}
      <ul>
        {items.map(({ id, study, at }) =>
          study === null ? null : (
            <li key={id} className="border-t border-line/70">
              <Link
                to="/app/studies/$studyInstanceUid"
                params={{ studyInstanceUid: study.studyInstanceUid }}
                search={placeOf(study)}
                onClick={() => void markRead([id])}
                className="tabular flex min-h-11 items-center gap-3 px-4 outline-offset-[-2px] hover:bg-surface-2/70"
              >
                <span className="min-w-0 flex-1 truncate">
                  <b className="font-medium">{study.patientName}</b>{' '}
                  <span className="text-dim">{textOfFile(study.description)}</span>
                </span>
                <span className="shrink-0 text-[13px] text-dim">{formatInstant(at, locale)}</span>
              </Link>
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
