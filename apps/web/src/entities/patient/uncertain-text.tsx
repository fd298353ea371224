import type { Patient } from '@negatoscope/contract';
import { SpellCheck } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { patientChanged, patientQuery } from './queries.ts';

/** A sign beside a name, or a description, that was read by another character set than its file declares. */
export function UncertainMark({ isUncertain }: { isUncertain: boolean }) {
  const t = useText('patients');
  if (!isUncertain) return null;
  return (
    <span className="mr-1.5 inline-flex align-[-2px] text-amber" title={t('uncertainText')}>
      <SpellCheck size={15} role="img" aria-label={t('uncertainText')} />
    </span>
  );
}

/** A person says that the name is right as it stands. */
function useConfirmName(patient: Patient): { readonly confirm: () => Promise<void>; readonly pending: boolean } {
  const t = useText('patients');
  const locale = useLocale();
  const [pending, setPending] = useState(false);
  const confirm = async (): Promise<void> => {
    setPending(true);
    try {
      const body = { updatedAt: patient.updatedAt, textUncertain: false } as const;
      patientChanged(await call('updatePatient', { params: { id: patient.id }, body }));
      showToast(t('uncertainDone'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
      void queryClient.invalidateQueries(patientQuery(patient.id));
    } finally {
      setPending(false);
    }
  };
  return { confirm, pending };
}

/** Why a patient's name is uncertain, and what ends that: a person writes it, or says that it is right. */
export function UncertainName({ patient, onEdit }: { patient: Patient; onEdit?: (() => void) | undefined }) {
  const t = useText('patients');
  const common = useText('common');
  const can = useCan();
  const { confirm, pending } = useConfirmName(patient);
  if (!patient.textUncertain) return null;
  return (
    <div className="mb-3">
      <Notice tone="amber">
        <p className="font-semibold">{t('uncertainTitle')}</p>
        <p className="mt-0.5 text-[13px]">{t('uncertainText')}</p>
        {can('patients.write') && (
          <div className="mt-2 flex flex-wrap gap-2">
            <Button size="small" isPending={pending} onPress={() => void confirm()}>
              {t('uncertainRight')}
            </Button>
            {onEdit !== undefined && (
              <Button size="small" onPress={onEdit}>
                {common('edit')}
              </Button>
            )}
          </div>
        )}
      </Notice>
    </div>
  );
}
