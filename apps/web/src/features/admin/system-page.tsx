import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import type { Result } from '../../api/operation.ts';
import { formatBytes } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { CARDS, Cards, PageHead, Scroll } from '../../ui/page.tsx';
import { AuditCare } from './audit-care.tsx';
import { BackupCare } from './backup-care.tsx';
import { JobCare } from './job-care.tsx';
import { KeyCare } from './key-care.tsx';
import { ObjectCare } from './object-care.tsx';
import { OrthancCare } from './orthanc-care.tsx';
import { Row } from './row.tsx';

function Silent() {
  const t = useText('admin');
  return (
    <Notice tone="danger">
      <p className="font-semibold">{t('healthBad')}</p>
      <p>{t('healthBadText')}</p>
    </Notice>
  );
}

/** Whether each part of the server answers; asked again every ten seconds. */
export function SystemPage() {
  const t = useText('admin');
  const health = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => call('health', { signal }),
    refetchInterval: 10_000,
    retry: false,
  });
  const isBad = health.error !== null;
  return (
    <>
      <PageHead width={CARDS} title={t('systemTitle')} />
      <Scroll width={CARDS}>
        {health.data === undefined && !isBad && (
          <div className="flex">
            <Skeleton width="100%" height={42} />
          </div>
        )}
        {isBad && <Silent />}
        {health.data !== undefined && !isBad && <Answering isFull={health.data.status === 'READ_ONLY'} />}
        <div className="mt-5">
          <Cards>
            <Parts health={health.data} isBad={isBad} />
            <ObjectCare />
            <BackupCare />
            <AuditCare />
            <KeyCare />
            <OrthancCare />
            <JobCare />
          </Cards>
        </div>
        <p className="mt-5">
          <a href="/api/docs" target="_blank" rel="noreferrer" className="rounded text-accent hover:underline">
            {t('apiDocs')}
          </a>
        </p>
      </Scroll>
    </>
  );
}

/** Every part answers; without room on the disk, that is not all there is to say. */
function Answering({ isFull }: { isFull: boolean }) {
  const t = useText('admin');
  if (!isFull) return <Notice tone="ok">{t('healthOk')}</Notice>;
  return (
    <Notice tone="danger">
      <p className="font-semibold">{t('healthFull')}</p>
      <p>{t('healthFullText')}</p>
    </Notice>
  );
}

const PARTS = ['database', 'objects', 'queue'] as const;
function Parts({ health, isBad }: { health: Result<'health'> | undefined; isBad: boolean }) {
  const t = useText('admin');
  const locale = useLocale();
  const overview = useQuery({ queryKey: ['overview'], queryFn: ({ signal }) => call('overview', { signal }) });
  return (
    <dl className="ng-card mt-5 px-5 py-2">
      {PARTS.map((part) => (
        <Row key={part} label={t(part)}>
          {health === undefined ? <Skeleton width={60} /> : <PartState value={isBad ? '?' : health[part]} />}
        </Row>
      ))}
      {health !== undefined && health.redis !== 'UNUSED' && (
        <Row label={t('redis')}>
          <PartState value={health.redis} />
          {health.redis === 'UNAVAILABLE' && <span className="ml-2 text-dim">{t('redisAway')}</span>}
        </Row>
      )}
      <Row label={t('storage')}>
        {overview.data === undefined ? <Skeleton width={60} /> : formatBytes(overview.data.sizeBytes, locale)}
      </Row>
      <Row label={t('version')}>{health?.version ?? <Skeleton width={60} />}</Row>
    </dl>
  );
}

function PartState({ value }: { value: string }) {
  const isOk = value.toUpperCase() === 'OK';
  return (
    <>
      <span aria-hidden="true" className={isOk ? 'mr-2 text-accent' : 'mr-2 font-bold text-danger'}>
        {isOk ? '●' : '!'}
      </span>
      {value}
    </>
  );
}
