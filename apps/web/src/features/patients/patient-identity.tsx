import type { Patient } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCan } from '../../api/me.ts';
import { UncertainName } from '../../entities/patient/uncertain-text.tsx';
import { formatDate, formatInstant } from '../../i18n/format.ts';
import { useAge, useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { CopyButton, Notice } from '../../ui/bits.tsx';
import { Status } from '../../ui/status.tsx';

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-baseline gap-4 border-b border-line/60 py-1.5 last:border-0">
      <dt className="w-32 shrink-0 text-[13px] text-dim">{label}</dt>
      <dd className="tabular min-w-0 flex-1 break-words">{children}</dd>
    </div>
  );
}

interface FactsProps {
  readonly patient: Patient;
  readonly brief?: boolean;
  readonly onEdit?: () => void;
}
/** The facts of a patient's record; what a role may not see is not there to show. */
export function PatientFacts({ patient, brief = false, onEdit }: FactsProps) {
  return (
    <>
      <UncertainName patient={patient} onEdit={onEdit} />
      {patient.identityStatus === 'IDENTITY_REVIEW' && <ReviewNotice />}
      <dl>
        <BriefFacts patient={patient} />
        {!brief && <OtherFacts patient={patient} />}
      </dl>
    </>
  );
}

function ReviewNotice() {
  const t = useText('patients');
  const can = useCan();
  return (
    <div className="mb-3">
      <Notice tone="amber">
        {t('reviewNotice')}{' '}
        {can('identity-review.propose') && (
          <Link to="/app/identity-review" className="font-semibold underline">
            {t('reviewLink')}
          </Link>
        )}
      </Notice>
    </div>
  );
}

/** In place of what is not known, or not shown to who sees pseudonyms. */
function Missing() {
  const t = useText('patients');
  const can = useCan();
  return <span className="text-dim">{can('patients.identity') ? t('notGiven') : t('pseudonym')}</span>;
}

function BriefFacts({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const years = useAge()(patient.birthDate);
  return (
    <>
      <Fact label={t('birthDate')}>
        {patient.birthDate === null ? <Missing /> : formatDate(patient.birthDate, locale)}
        {years !== '' && <span className="ml-2 text-dim">{years}</span>}
      </Fact>
      <Fact label={t('sex')}>{common(`sex${patient.sex}`)}</Fact>
      <Fact label={t('recordNumber')}>
        <CopyButton value={patient.recordNumber} label={`${common('copy')} ${patient.recordNumber}`}>
          {patient.recordNumber}
        </CopyButton>
      </Fact>
      <Fact label={t('externalId')}>{textOfFile(patient.externalId) || <Missing />}</Fact>
      <Fact label={t('status')}>
        <Status status={patient.status} />
      </Fact>
    </>
  );
}

function OtherFacts({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const locale = useLocale();
  return (
    <>
      <Fact label={t('phone')}>{patient.phone ?? <Missing />}</Fact>
      <Fact label={t('address')}>{patient.address ?? <Missing />}</Fact>
      <Fact label={t('createdAt')}>{formatInstant(patient.createdAt, locale)}</Fact>
      <Fact label={t('updatedAt')}>{formatInstant(patient.updatedAt, locale)}</Fact>
    </>
  );
}
