import type { Patient } from '@negatoscope/contract';
import { FileArchive } from 'lucide-react';
import { useState } from 'react';
import { download } from '../../../api/client.ts';
import { ApiError, errorText } from '../../../api/error.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Notice } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { showToast } from '../../../ui/toast.tsx';

/** Everything of one patient, with who saw it; once more without damaged files, where that is what failed. */
export function WholeRecord({ patient }: { patient: Patient }) {
  const t = useText('rights');
  const locale = useLocale();
  const [pending, setPending] = useState(false);
  const [isDamaged, setDamaged] = useState(false);
  const take = async (): Promise<void> => {
    setPending(true);
    try {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      const file = await download('patientRecord', {
        params: { id: patient.id },
        body: { locale, timeZone, ...(isDamaged ? { partial: true } : {}) },
      });
      saveFile(file, `${patient.recordNumber}.zip`);
      showToast(t('recordDone'));
      setDamaged(false);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'OBJECT_DAMAGED') setDamaged(true);
      else showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      {isDamaged && <Notice tone="amber">{t('recordDamaged')}</Notice>}
      <Button icon={<FileArchive size={16} />} onPress={() => void take()} isPending={pending}>
        {t(isDamaged ? 'recordWithout' : 'record')}
      </Button>
    </>
  );
}
