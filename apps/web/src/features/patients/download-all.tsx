import type { Patient } from '@negatoscope/contract';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { addressOf } from '../../api/address.ts';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { saveFrom } from '../../ui/save-file.ts';
import { showToast } from '../../ui/toast.tsx';

const startDownload = ({ id, recordNumber }: Patient, partial: boolean): void =>
  saveFrom(addressOf('/api/patients/{id}/export', { id }, partial ? { partial } : {}), `${recordNumber}.zip`);

/** All that a patient has. Files that are known to be damaged are told before anything is downloaded. */
export function DownloadAll({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const locale = useLocale();
  const [isPending, setPending] = useState(false);
  const [damaged, setDamaged] = useState(0);
  const check = async (): Promise<void> => {
    setPending(true);
    try {
      const found = await call('checkExport', { params: { id: patient.id } });
      if (found.damaged === 0) startDownload(patient, false);
      else setDamaged(found.damaged);
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <Button icon={<Download size={16} />} onPress={() => void check()} isPending={isPending}>
        {t('downloadZip')}
      </Button>
      <Confirm
        title={t('damagedTitle')}
        isOpen={damaged > 0}
        onClose={() => setDamaged(0)}
        onConfirm={() => {
          startDownload(patient, true);
          setDamaged(0);
        }}
        confirm={t('downloadWithout')}
        kind="primary"
      >
        {t('damagedText', { count: damaged })}
      </Confirm>
    </>
  );
}
