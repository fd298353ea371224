import type { OrthancStatus } from '@negatoscope/contract';
import { FILE_REASON_CODES, FILE_REASONS } from '@negatoscope/contract/file-reasons';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { LoadError, Notice } from '../../ui/bits.tsx';
import { ComparedRows, Held } from './orthanc-missing.tsx';
import { Row } from './row.tsx';

type Feed = NonNullable<OrthancStatus['feed']>;

/** How it stands with the Orthanc beside the server; nothing where there is none. */
export function OrthancCare() {
  const t = useText('admin');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['orthanc-status'],
    queryFn: ({ signal }) => call('orthancStatus', { signal }),
    refetchInterval: 10_000,
  });
  if (data === undefined)
    return error === null ? null : <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  const { url, deletions, feed, sending } = data;
  if (url === null || deletions === null) return null;
  return (
    <section className="mt-5" aria-label={t('orthancTitle')}>
      {feed !== null && feed.failure !== null && <Away feed={feed} />}
      {feed !== null && feed.warnings.length > 0 && <Unsafe warnings={feed.warnings} />}
      {feed !== null && <Held deletions={deletions} compared={feed.compared} />}
      <dl className="ng-card mt-5 px-5 py-2">
        <Row label={t('orthancTitle')}>
          <span className="break-all">{url}</span>
        </Row>
        {feed === null ? <Row label={t('orthancReached')}>{t('orthancNever')}</Row> : <Followed feed={feed} />}
        {feed !== null && <ComparedRows deletions={deletions} compared={feed.compared} />}
        {sending !== null && (
          <Row label={t('orthancToSend')}>
            {formatNumber(sending.waiting, locale)}
            {sending.failing > 0 && ` · ${t('orthancSendFailing', { count: sending.failing })}`}
            {sending.reasons.map(({ reason, count }) => (
              <span key={reason} className="block text-dim">
                {t(sendKey(reason))} · {formatNumber(count, locale)}
              </span>
            ))}
          </Row>
        )}
      </dl>
      {feed !== null && feed.items.length > 0 && <Waiting items={feed.items} />}
    </section>
  );
}

/** What keeps all of it from coming: it waits, and nothing is lost. */
function Away({ feed: { failure, failingSince } }: { feed: Feed }) {
  const t = useText('admin');
  const locale = useLocale();
  const since = failingSince === null ? '' : formatInstant(failingSince, locale);
  return (
    <Notice tone="danger">
      <p className="font-semibold">{t('orthancAway', { since })}</p>
      <p>
        {t(failureKey(failure))} {t('orthancAwayText')}
      </p>
    </Notice>
  );
}

const SEND_FAILURES = ['UNREACHABLE', 'TIMEOUT', 'NOT_ALLOWED', 'CUT', 'OTHER_INSTANCE', 'NOT_KEPT'] as const;
const sendKey = (reason: string) =>
  `orthancSend_${SEND_FAILURES.find((known) => known === reason) ?? ('ERROR' as const)}` as const;

const FAILURES = ['UNREACHABLE', 'TIMEOUT', 'NOT_ALLOWED', 'BAD_ANSWER', 'STORAGE_FULL', 'UNPROCESSABLE'] as const;
const failureKey = (failure: string | null) =>
  `orthanc_${FAILURES.find((known) => known === failure) ?? ('ERROR' as const)}` as const;

function Unsafe({ warnings }: { warnings: Feed['warnings'] }) {
  const t = useText('admin');
  return (
    <div className="mt-5">
      <Notice tone="danger">
        <p className="font-semibold">{t('orthancUnsafe')}</p>
        <ul className="list-disc pl-5">
          {warnings.map((warning) => (
            <li key={warning}>{t(`orthanc_${warning}`)}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function Followed({ feed: { reachedAt, lastChange, waiting, version } }: { feed: Feed }) {
  const t = useText('admin');
  const locale = useLocale();
  return (
    <>
      <Row label={t('orthancReached')}>{reachedAt === null ? t('orthancNever') : formatInstant(reachedAt, locale)}</Row>
      <Row label={t('orthancLast')}>{formatNumber(lastChange, locale)}</Row>
      <Row label={t('orthancWaiting')}>{formatNumber(waiting, locale)}</Row>
      {version !== null && <Row label={t('orthancVersion')}>{version}</Row>}
    </>
  );
}

const ITEM_FAILURES = ['UNREACHABLE', 'TIMEOUT', 'NOT_ALLOWED', 'BAD_ANSWER', 'CUT', 'OTHER_INSTANCE'] as const;

/** Why one did not come: what is wrong with its file, or how Orthanc gave it. */
function reasonText(reason: string, t: Text<'admin'>, locale: Locale): string {
  const ofFile = FILE_REASON_CODES.find((known) => known === reason);
  if (ofFile !== undefined) return textIn(FILE_REASONS[ofFile], locale);
  return t(`orthancItem_${ITEM_FAILURES.find((known) => known === reason) ?? ('ERROR' as const)}`);
}

/** Instances that did not come; all of them are asked for again. */
function Waiting({ items }: { items: Feed['items'] }) {
  const t = useText('admin');
  const locale = useLocale();
  return (
    <ul className="ng-card mt-5 px-5 py-2" aria-label={t('orthancWaiting')}>
      {items.map(({ orthancId, reason, attempts, retryAt }) => (
        <li key={orthancId} className="border-b border-line/70 py-2 last:border-0">
          <p className="first-letter:uppercase">
            {reasonText(reason, t, locale)} · {t('orthancAttempts', { count: attempts })}
            {retryAt !== null && ` · ${t('orthancAgain', { at: formatInstant(retryAt, locale) })}`}
          </p>
          <p className="tabular break-all text-dim">{orthancId}</p>
        </li>
      ))}
    </ul>
  );
}
