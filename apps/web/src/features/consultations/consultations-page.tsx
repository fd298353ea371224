import type { ConsultationLine } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Stethoscope, UserRoundPlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { useLiveConsultations } from '../../entities/consultation/live.ts';
import { dayQuery } from '../../entities/consultation/queries.ts';
import { ConsultationStatusMark } from '../../entities/consultation/status.tsx';
import { daysBefore, formatDate, formatName, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { isCovered, isTyping } from '../../ui/keys.ts';
import { PAGE, PageHead, Scroll } from '../../ui/page.tsx';
import { RegisterForm } from './register.tsx';
import { type WaitingGroup, waitingRoom } from './waiting.ts';
import { WaitingLine } from './waiting-line.tsx';

const TICK_MS = 20_000;

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** J and K go from one to the next, as in every list. */
function useRowKeys() {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!['j', 'k'].includes(event.key) || isTyping(event.target) || isCovered()) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
      const at = rows.indexOf(document.activeElement as HTMLElement); // -1 for what is no row.
      rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === 'j' ? 1 : -1)))]?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return list;
}

export function ConsultationsPage() {
  const t = useText('consultations');
  const can = useCan();
  const search = useSearch({ from: '/app/consultations' });
  const navigate = useNavigate({ from: '/app/consultations' });
  const date = search.date ?? today();
  const mayRegister = can('consultations.register');
  const show = (change: { date?: string | undefined; register?: true | undefined; patient?: undefined }): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as typeof search, replace: true }); // Read back through validateSearch.
  useLiveConsultations();
  useEffect(() => {
    document.title = `${t('title')} · Negatoscope`;
  }, [t]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead
        title={t('title')}
        width={PAGE}
        aside={<Day date={date} onChange={(day) => show({ date: day === today() ? undefined : day })} />}
      >
        {mayRegister && (
          <Button kind="primary" icon={<UserRoundPlus size={16} />} onPress={() => show({ register: true })}>
            {t('register')}
          </Button>
        )}
      </PageHead>
      <Room date={date} onRegister={mayRegister ? () => show({ register: true }) : undefined} />
      <Dialog
        title={t('register')}
        isOpen={search.register === true && mayRegister}
        onClose={() => show({ register: undefined, patient: undefined })}
      >
        <RegisterForm date={date} patientId={search.patient} onDone={() => show({ register: undefined, patient: undefined })} />
      </Dialog>
    </div>
  );
}

function Day({ date, onChange }: { date: string; onChange: (date: string) => void }) {
  const t = useText('consultations');
  const locale = useLocale();
  return (
    <div className="flex items-center gap-1">
      <IconButton label={t('dayBefore')} onPress={() => onChange(daysBefore(date, 1))}>
        <ChevronLeft size={18} />
      </IconButton>
      <span className="tabular min-w-24 text-center text-[13px] text-dim">
        {date === today() ? t('today') : formatDate(date, locale)}
      </span>
      <IconButton label={t('dayAfter')} onPress={() => onChange(daysBefore(date, -1))}>
        <ChevronRight size={18} />
      </IconButton>
    </div>
  );
}

function Room({ date, onRegister }: { date: string; onRegister: (() => void) | undefined }) {
  const t = useText('consultations');
  const locale = useLocale();
  const me = useUser();
  const now = useNow();
  const list = useRowKeys();
  const { data, error, refetch } = useQuery(dayQuery(date));
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Waiting />;
  const { groups, ended } = waitingRoom(data.items, me?.id);
  return (
    <Scroll>
      <div ref={list} className="flex flex-col gap-5 pt-1">
        {data.items.length === 0 && (
          <Empty
            icon={<Stethoscope size={34} />}
            title={t('emptyTitle')}
            action={onRegister && <Button onPress={onRegister}>{t('register')}</Button>}
          >
            {onRegister === undefined ? t('emptySee') : t('emptyText')}
          </Empty>
        )}
        {groups.map((group) => (
          <Group key={group.physicianId ?? ''} group={group} isOwn={group.physicianId === me?.id} now={now} />
        ))}
        {ended.length > 0 && <Ended lines={ended} />}
      </div>
    </Scroll>
  );
}

const Waiting = () => (
  <Scroll>
    <div className="flex flex-col gap-2 pt-2">
      <Skeleton width={180} height={18} />
      {['a', 'b', 'c'].map((key) => (
        <Skeleton key={key} width="100%" height={66} />
      ))}
    </div>
  </Scroll>
);

function Group({ group: { name, physicianId, lines }, isOwn, now }: { group: WaitingGroup; isOwn: boolean; now: number }) {
  const t = useText('consultations');
  const heading = physicianId === null ? t('anyPhysician') : isOwn ? t('own', { name: name ?? '' }) : (name ?? t('someone'));
  const waiting = lines.filter(({ status }) => status === 'WAITING').length;
  return (
    <section aria-label={heading}>
      <h2 className="mb-2 flex items-baseline gap-2 font-semibold">
        {heading}
        {waiting > 0 && <span className="tabular text-[13px] font-normal text-dim">{t('waitingCount', { count: waiting })}</span>}
      </h2>
      <ul className="flex flex-col gap-2">
        {lines.map((line) => (
          <WaitingLine key={line.id} line={line} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Ended({ lines }: { lines: readonly ConsultationLine[] }) {
  const t = useText('consultations');
  return (
    <details className="rounded-lg border border-line bg-surface">
      <summary className="flex min-h-11 items-center px-3 text-dim">{t('ended', { count: lines.length })}</summary>
      <ul className="border-t border-line">
        {lines.map((line) => (
          <li key={line.id}>
            <Link
              to="/app/consultations/$id"
              params={{ id: line.id }}
              data-row=""
              className="flex min-h-11 flex-wrap items-center gap-x-3 px-3 py-1.5 hover:bg-surface-2"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{formatName(line.patient)}</span>
              <span className="truncate text-[13px] text-dim">{line.physicianName}</span>
              <span className="text-[13px]">
                <ConsultationStatusMark status={line.status} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
