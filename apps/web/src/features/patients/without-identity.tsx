import type { Patient } from '@negatoscope/contract';
import { VenetianMask } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { ExportWithoutIdentity } from '../../entities/deid/export-dialog.tsx';
import { useText } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';

/** All studies of a patient as a ZIP without identity, made in the background. In words where it is the way files leave, for who has no other. */
export function WithoutIdentity({ patient }: { patient: Patient }) {
  const t = useText('deid');
  const can = useCan();
  const [isOpen, setOpen] = useState(false);
  const open = (): void => setOpen(true);
  return (
    <>
      {can('exports.create') ? (
        <IconButton label={t('export')} onPress={open}>
          <VenetianMask size={17} />
        </IconButton>
      ) : (
        <Button icon={<VenetianMask size={16} />} onPress={open}>
          {t('export')}
        </Button>
      )}
      {isOpen && <ExportWithoutIdentity patientIds={[patient.id]} onClose={() => setOpen(false)} />}
    </>
  );
}
