import { type AuditEvent, auditActor, auditSentence } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Uid } from '../../ui/bits.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useEntityWord } from './entity-word.ts';

/** One event, beside the list where there is room. */
export function EventDetails({ event, isBeside, onClose }: { event: AuditEvent; isBeside: boolean; onClose: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  const title = auditSentence(event.action, useLocale(), event.details);
  if (!isBeside) {
    return (
      <Dialog title={title} isOpen onClose={onClose}>
        <Facts event={event} />
      </Dialog>
    );
  }
  return (
    <aside aria-label={t('details')} className="w-[360px] shrink-0 overflow-auto border-l border-line bg-surface p-5">
      <div className="mb-3 flex items-start justify-between gap-2">
        <h2 className="min-w-0 pt-1.5 text-[15px] font-semibold break-words">{title}</h2>
        <IconButton label={common('close')} onPress={onClose}>
          <X size={16} />
        </IconButton>
      </div>
      <Facts event={event} />
    </aside>
  );
}

function Facts({ event }: { event: AuditEvent }) {
  const t = useText('admin');
  const locale = useLocale();
  const word = useEntityWord();
  return (
    <dl className="flex flex-col gap-2.5">
      <Line label={t('when')}>{formatInstant(event.occurredAt, locale)}</Line>
      <Line label={t('actor')}>{event.actorName === null ? t('systemActor') : auditActor(event.actorName, locale)}</Line>
      <Line label={t('outcome')}>{t(`outcome${event.outcome}`)}</Line>
      {event.entityId !== null && (
        <Line label={word(event.entityType) ?? t('entity')}>
          <Uid value={event.entityId} />
        </Line>
      )}
      {event.ip !== null && <Line label={t('address')}>{event.ip}</Line>}
      <Others event={event} />
      {Object.entries(event.details).map(([key, value]) => (
        <Line key={key} label={key}>
          <span className="font-mono text-[12px]">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
        </Line>
      ))}
    </dl>
  );
}
/** From one event to all of the same person, and all that concern the same patient. */
function Others({ event: { actorId, patientId } }: { event: AuditEvent }) {
  const t = useText('admin');
  return (
    <>
      {actorId !== null && (
        <Link to="/app/admin/audit" search={{ actor: actorId }} className="text-accent underline">
          {t('onlyPerson')}
        </Link>
      )}
      {patientId !== null && (
        <Link to="/app/admin/audit" search={{ patient: patientId }} className="text-accent underline">
          {t('onlyPatient')}
        </Link>
      )}
    </>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-[12px] text-dim">{label}</dt>
      <dd className="tabular break-words">{children}</dd>
    </div>
  );
}
