import type { IdentityReview, Patient } from '@negatoscope/contract';
import { useState } from 'react';
import { PatientPicker } from '../../entities/patient/patient-picker.tsx';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Button } from '../../ui/button.tsx';
import { Compare } from '../../ui/compare.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface AttachProps {
  readonly review: IdentityReview;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onAttach: (patientId: string) => Promise<void>;
}

/** Finds the record that a patient under review belongs to; both are seen side by side before they are one. */
export function AttachTo({ review, isOpen, onClose, onAttach }: AttachProps) {
  const t = useText('conflicts');
  const [target, setTarget] = useState<Patient>();
  const close = (): void => {
    setTarget(undefined);
    onClose();
  };
  return (
    <Dialog title={t('attachTo')} isOpen={isOpen} onClose={close}>
      {target === undefined ? (
        <PatientPicker
          label={t('attachSearch')}
          exceptId={review.patient.id}
          groupId={review.patient.groupId}
          onPick={setTarget}
        />
      ) : (
        <Sure
          from={review.patient}
          to={target}
          onBack={() => setTarget(undefined)}
          onAttach={() => onAttach(target.id).then(close)}
        />
      )}
    </Dialog>
  );
}

interface SureProps {
  readonly from: Patient;
  readonly to: Patient;
  readonly onBack: () => void;
  readonly onAttach: () => Promise<void>;
}
function Sure({ from, to, onBack, onAttach }: SureProps) {
  const t = useText('conflicts');
  const patients = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const [pending, setPending] = useState(false);
  const facts: readonly (readonly [string, (of: Patient) => string])[] = [
    [t('patient'), (of) => formatName(of) || common('noName')],
    [t('birthDate'), (of) => formatDate(of.birthDate, locale)],
    [t('patientId'), (of) => textOfFile(of.externalId)],
    [patients('recordNumber'), (of) => of.recordNumber],
  ];
  return (
    <>
      <Compare
        left={t('suspect')}
        right={t('newPatient')}
        rows={facts.map(([label, of]) => ({ label, left: of(to), right: of(from) }))}
      />
      <p className="text-[13px] text-dim">{t('samePersonHint')}</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={onBack}>{common('back')}</Button>
        <Button
          kind="primary"
          isPending={pending}
          onPress={() => {
            setPending(true);
            void onAttach().finally(() => setPending(false));
          }}
        >
          {t('attach')}
        </Button>
      </div>
    </>
  );
}
