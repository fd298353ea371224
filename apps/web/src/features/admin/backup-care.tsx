import type { BackupCare as Care } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { formatBytes, formatInstant, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { CareLoading } from './care-loading.tsx';
import { Row } from './row.tsx';

type Run = Care['items'][number];

/** When the last backup was made and how it ended; a warning where there is none, or none for too long. */
export function BackupCare() {
  const t = useText('admin');
  const { data, error, refetch } = useQuery({
    queryKey: ['backup-care'],
    queryFn: ({ signal }) => call('backupCare', { signal }),
    refetchInterval: 10_000,
  });
  if (data === undefined) return <CareLoading label={t('backupTitle')} error={error} onRetry={() => void refetch()} />;
  return (
    <section className="mt-5" aria-label={t('backupTitle')}>
      {data.isLate && <Late last={data.last} />}
      <Facts care={data} />
    </section>
  );
}

function Late({ last }: Pick<Care, 'last'>) {
  const t = useText('admin');
  const locale = useLocale();
  return (
    <Notice tone="danger">
      <p className="font-semibold">
        {last === null || last.pointAt === null ? t('backupNone') : t('backupOld', { at: formatInstant(last.pointAt, locale) })}
      </p>
      <p>{t('backupHow')}</p>
    </Notice>
  );
}

function Facts({ care: { last, items, everyMs } }: { care: Care }) {
  const t = useText('admin');
  const locale = useLocale();
  const [newest] = items;
  return (
    <dl className="ng-card mt-5 px-5 py-2">
      <Row label={t('backupTitle')}>
        {last === null || last.pointAt === null ? t('backupNever') : formatInstant(last.pointAt, locale)}
      </Row>
      {last !== null && (
        <>
          <Row label={t('backupTarget')}>
            <span className="break-all">{last.target}</span>
            {` · ${t(last.isEncrypted ? 'backupEncrypted' : 'backupOpen')}`}
            {!last.hasDatabase && ` · ${t('backupNoDatabase')}`}
          </Row>
          <Row label={t('backupCopied')}>
            {t('backupCopiedText', {
              copied: formatNumber(last.copiedObjects, locale),
              count: last.objects,
              bytes: formatBytes(last.copiedBytes, locale),
            })}
            {last.damaged > 0 && ` · ${t('backupDamaged', { count: last.damaged })}`}
          </Row>
          {last.keptBytes !== null && <Row label={t('backupKept')}>{formatBytes(last.keptBytes, locale)}</Row>}
        </>
      )}
      {newest !== undefined && newest.id !== last?.id && (
        <Row label={t('backupNewest')}>
          <Outcome run={newest} />
        </Row>
      )}
      <Row label={t('backupEvery')}>{everyMs === null ? t('backupByHand') : every(everyMs, locale)}</Row>
    </dl>
  );
}

/** What came of a run that can't be restored, or how far one is that is under way. */
function Outcome({ run }: { run: Run }) {
  const t = useText('admin');
  const locale = useLocale();
  const at = formatInstant(run.startedAt, locale);
  if (run.outcome === 'RUNNING')
    return t('backupRunning', {
      at,
      copied: formatNumber(run.copiedObjects, locale),
      bytes: formatBytes(run.copiedBytes, locale),
    });
  if (run.outcome === 'CUT') return <span className="text-danger">{t('backupCut', { at })}</span>;
  return <span className="text-danger">{t('backupFailed', { at, code: run.failure ?? '' })}</span>;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function every(ms: number, locale: string): string {
  const [unit, length] = UNITS.find(([, size]) => ms % size === 0) ?? UNITS[2];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(ms / length);
}
