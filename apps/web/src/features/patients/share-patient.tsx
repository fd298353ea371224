import type { Patient } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Share2 } from 'lucide-react';
import { useState } from 'react';
import { patientStudiesQuery } from '../../entities/patient/queries.ts';
import { ShareStudies } from '../../entities/share/share-studies.tsx';
import { useText } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';

/** Shares the patient's studies by a link, or some of them. */
export function SharePatient({ patient }: { patient: Patient }) {
  const t = useText('shares');
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({ ...patientStudiesQuery(patient.id), enabled: isOpen });
  return (
    <>
      <Button icon={<Share2 size={16} />} onPress={() => setOpen(true)}>
        {t('share')}
      </Button>
      {isOpen && <ShareStudies studies={data?.items} problem={error ?? undefined} onClose={() => setOpen(false)} />}
    </>
  );
}
