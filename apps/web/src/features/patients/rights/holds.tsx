import type { LegalHold } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { useCan } from '../../../api/me.ts';
import { holdsChanged, patientHoldsQuery } from '../../../entities/hold/queries.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Notice } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { ReasonForm } from './reason-form.tsx';

/** What of a patient is held, to everybody who sees them; why, and the way out, to administrators. */
export function PatientHolds({ patientId }: { patientId: string }) {
  const t = useText('rights');
  const can = useCan();
  const { data } = useQuery(patientHoldsQuery(patientId));
  const holds = data?.items ?? [];
  if (holds.length === 0) return null;
  const isWhole = holds.some(({ studyId }) => studyId === null);
  return (
    <Notice tone="amber">
      <p className="font-semibold">{isWhole ? t('heldPatient') : t('heldStudies', { count: holds.length })}</p>
      {can('holds.manage') && (
        <ul className="mt-2 flex flex-col gap-3">
          {holds.map((hold) => (
            <Hold key={hold.id} hold={hold} />
          ))}
        </ul>
      )}
    </Notice>
  );
}

function Hold({ hold }: { hold: LegalHold }) {
  const t = useText('rights');
  const locale = useLocale();
  const [isOpen, setOpen] = useState(false);
  const when = formatInstant(hold.placedAt, locale);
  const lift = async (reason: string): Promise<void> => {
    await call('liftHold', { params: { id: hold.id }, body: { reason } });
    holdsChanged();
    showToast(t('lifted'));
  };
  return (
    <li className="flex flex-wrap items-start justify-between gap-2">
      <div className="min-w-0 break-words">
        {hold.studyInstanceUid !== null && <p className="break-all">{t('heldOf', { uid: hold.studyInstanceUid })}</p>}
        <p>{hold.reason}</p>
        <p className="text-[13px]">{hold.by === null ? t('heldSince', { when }) : t('heldBy', { by: hold.by, when })}</p>
      </div>
      <Button size="small" onPress={() => setOpen(true)}>
        {t('lift')}
      </Button>
      <Dialog title={t('liftTitle')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <ReasonForm label={t('lift')} kind="danger" send={lift} onClose={() => setOpen(false)} />
      </Dialog>
    </li>
  );
}
