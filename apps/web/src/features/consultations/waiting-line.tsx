import type { ConsultationLine } from '@negatoscope/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCan, useUser } from '../../api/me.ts';
import { minutesBetween } from '../../entities/consultation/signs.ts';
import { ConsultationStatusMark } from '../../entities/consultation/status.tsx';
import { UnusualSigns } from '../../entities/consultation/unusual.tsx';
import { formatDuration, formatName } from '../../i18n/format.ts';
import { useAge, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { useMoves } from './use-moves.ts';

interface LineProps {
  readonly line: ConsultationLine;
  readonly now: number;
}

/** One who waits or is in the room: who, why, for how long, and the one next thing to do. */
export function WaitingLine({ line, now }: LineProps) {
  const age = useAge();
  const common = useText('common');
  const { patient } = line;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-surface px-3 py-2.5 hover:border-line-strong">
      <Link
        to="/app/consultations/$id"
        params={{ id: line.id }}
        data-row=""
        className="flex min-h-11 min-w-0 flex-1 basis-52 flex-col justify-center rounded"
      >
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium break-words">{formatName(patient) || common('noName')}</span>
          <span className="tabular text-[13px] text-dim">
            {[common(`sexShort${patient.sex}`), age(patient.birthDate, line.date)].filter(Boolean).join(' · ')}
          </span>
        </span>
        {line.reason !== '' && <span className="truncate text-[13px] text-dim">{line.reason}</span>}
      </Link>
      <span className="flex flex-wrap items-center gap-1.5 text-[13px]">
        <Marks line={line} />
        <Wait line={line} now={now} />
      </span>
      <span className="ml-auto">
        <NextStep line={line} />
      </span>
    </li>
  );
}

function Marks({ line }: Pick<LineProps, 'line'>) {
  const t = useText('consultations');
  return (
    <>
      <UnusualSigns line={line} />
      {line.vitalSignsAt === null && line.status !== 'CANCELLED' && <Mark>{t('noVitals')}</Mark>}
      {line.openOrders > 0 && <Mark>{t('film')}</Mark>}
      {line.studyCount > 0 && <Mark>{t('studies', { count: line.studyCount })}</Mark>}
    </>
  );
}

const Mark = ({ children }: { children: string }) => (
  <span className="rounded-md border border-line-strong/60 bg-surface-2 px-1.5 text-[12px] leading-5">{children}</span>
);

function Wait({ line: { status, arrivedAt, startedAt }, now }: LineProps) {
  const t = useText('consultations');
  const minutes = minutesBetween(status === 'IN_PROGRESS' ? (startedAt ?? arrivedAt) : arrivedAt, now);
  const time = formatDuration(Math.max(1, minutes) * 60);
  return (
    <span className="tabular whitespace-nowrap text-dim">
      {status === 'WAITING' ? t('waits', { time }) : <ConsultationStatusMark status={status} />}
      {status === 'IN_PROGRESS' && ` ${t('since', { time })}`}
    </span>
  );
}

/** A physician takes who waits; everybody else, and whoever has them, opens. */
function NextStep({ line }: Pick<LineProps, 'line'>) {
  const t = useText('consultations');
  const can = useCan();
  const me = useUser();
  const navigate = useNavigate();
  const { isBusy, to } = useMoves(line.id);
  const open = (): void => void navigate({ to: '/app/consultations/$id', params: { id: line.id } });
  // Whose physician has no account any more is taken like who waits.
  const isNobodys = line.status === 'WAITING' || (line.status === 'IN_PROGRESS' && line.physicianId === null);
  const take = async (): Promise<void> => {
    if (await to('IN_PROGRESS')) open();
  };
  const name = formatName(line.patient);
  if (isNobodys && can('consultations.conduct'))
    return (
      <Button kind="primary" isPending={isBusy} aria-label={t('takeFor', { name })} onPress={() => void take()}>
        {t('take')}
      </Button>
    );
  return (
    <Button kind={line.physicianId === me?.id ? 'primary' : 'plain'} aria-label={t('openFor', { name })} onPress={open}>
      {t('open')}
    </Button>
  );
}
