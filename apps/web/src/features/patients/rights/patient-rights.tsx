import type { Patient } from '@negatoscope/contract';
import { useCan } from '../../../api/me.ts';
import { useText } from '../../../i18n/index.ts';
import { ErasePatient } from './erase-patient.tsx';
import { PlaceHold } from './place-hold.tsx';
import { WholeRecord } from './whole-record.tsx';

/** What the law lets a patient ask for, by who answers for it. */
export function PatientRights({ patient }: { patient: Patient }) {
  const t = useText('rights');
  const can = useCan();
  const may = { record: can('exports.record'), hold: can('holds.manage'), erase: can('patients.erase') };
  if (!may.record && !may.hold && !may.erase) return null;
  return (
    <section className="ng-card p-5" aria-label={t('title')}>
      <h2 className="mb-3 font-semibold">{t('title')}</h2>
      <div className="flex flex-col items-start gap-2">
        {may.record && <WholeRecord patient={patient} />}
        {may.hold && <PlaceHold patient={patient} />}
        {may.erase && <ErasePatient patient={patient} />}
      </div>
    </section>
  );
}
