import type { Study } from '@negatoscope/contract';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { download } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { showToast } from '../../ui/toast.tsx';

/** The chosen studies as one ZIP. */
export function ChosenExport({ studies }: { studies: readonly Study[] }) {
  const t = useText('worklist');
  const locale = useLocale();
  const [isPending, setPending] = useState(false);
  const save = async (): Promise<void> => {
    setPending(true);
    showToast(t('exporting'));
    try {
      const body = {
        patientIds: [...new Set(studies.map(({ patient }) => patient.id))],
        studyInstanceUids: studies.map(({ studyInstanceUid }) => studyInstanceUid),
      };
      saveFile(await download('exportPatients', { body }), `${today()}.zip`);
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
    }
  };
  return (
    <Button
      size="small"
      icon={<Download size={14} />}
      isDisabled={studies.length === 0}
      isPending={isPending}
      onPress={() => void save()}
    >
      {t('bulkExport')}
    </Button>
  );
}
