import type { Patient } from '@negatoscope/contract';
import { VenetianMask } from 'lucide-react';
import { useState } from 'react';
import { ExportWithoutIdentity } from '../../entities/deid/export-dialog.tsx';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';

/** All studies of a patient as a ZIP without identity, made in the background. */
export function WithoutIdentity({ patient }: { patient: Patient }) {
  const t = useText('deid');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<VenetianMask size={16} />} onPress={() => setOpen(true)}>
        {t('export')}
      </Button>
      {isOpen && <ExportWithoutIdentity patientIds={[patient.id]} onClose={() => setOpen(false)} />}
    </>
  );
}
