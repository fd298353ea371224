import type { AuditEvent } from '@negatoscope/contract';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Uid } from '../../ui/bits.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** One event, beside the list where there is room. */
export function EventDetails({ event, isBeside, onClose }: { event: AuditEvent; isBeside: boolean; onClose: () => void }) {
  const t = useText('admin');
  const common = useText('common');
  if (!isBeside) {
    return (
      <Dialog title={event.action} isOpen onClose={onClose}>
        <Facts event={event} />
      </Dialog>
    );
  }
  return (
    <aside aria-label={t('details')} className="w-[360px] shrink-0 overflow-auto border-l border-line bg-surface p-5">
      <div className="mb-3 flex items-start justify-between gap-2">
        <h2 className="min-w-0 pt-1.5 font-mono text-[13px] font-semibold break-words">{event.action}</h2>
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
  return (
    <dl className="flex flex-col gap-2.5">
      <Line label={t('when')}>{formatInstant(event.occurredAt, locale)}</Line>
      <Line label={t('actor')}>{event.actorName ?? t('systemActor')}</Line>
      <Line label={t('outcome')}>{t(`outcome${event.outcome}`)}</Line>
      {event.entityId !== null && (
        <Line label={event.entityType ?? t('entity')}>
          <Uid value={event.entityId} />
        </Line>
      )}
      {event.ip !== null && <Line label={t('address')}>{event.ip}</Line>}
      {Object.entries(event.details).map(([key, value]) => (
        <Line key={key} label={key}>
          <span className="font-mono text-[12px]">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
        </Line>
      ))}
    </dl>
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
