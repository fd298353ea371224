import type { ImportedFile, ImportReport } from '@negatoscope/contract';
import { FILE_REASONS } from '@negatoscope/contract/file-reasons';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCan } from '../../api/me.ts';
import { patientQuery } from '../../entities/patient/queries.ts';
import { placeOf } from '../../entities/study/place.ts';
import { studyQuery } from '../../entities/study/queries.ts';
import { formatName, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { Notice } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';

const SHOWN = 5;
/** What a CD announced but does not hold comes as rejected lines of this reason. */
const isMissing = (file: ImportedFile): boolean => file.reason === 'ANNOUNCED_BUT_MISSING';

/** What of an import a person must look at, before what went well. */
export function NeedsPerson({ report }: { report: ImportReport }) {
  const t = useText('imports');
  const common = useText('common');
  const can = useCan();
  const missing = report.files.filter(isMissing);
  return (
    <>
      <Refused files={report.files} />
      {report.conflicts > 0 && (
        <Notice tone="amber">
          <span className="mr-3 inline-block">{common('labelled', { label: t('countConflict'), value: report.conflicts })}</span>
          {can('conflicts.read') && (
            <Link to="/app/conflicts" search={{ importId: report.id }} className={buttonClass('plain', 'small')}>
              {t('toConflicts')}
            </Link>
          )}
        </Notice>
      )}
      <Elsewhere report={report} />
      <Uncertain files={report.files} studies={report.studies} />
      {missing.length > 0 && (
        <Notice tone="amber">
          <p className="font-semibold">{t('missingTitle', { count: missing.length })}</p>
          <ul className="mt-1 text-[13px] text-dim">
            {missing.slice(0, SHOWN).map((file) => (
              <li key={file.name} className="truncate">
                {file.name}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

/** Refused files by reason: the reason is what tells whether something must be done. */
function Refused({ files }: { files: readonly ImportedFile[] }) {
  const t = useText('imports');
  const locale = useLocale();
  const refused = files.filter((file) => file.outcome === 'rejected' && !isMissing(file));
  if (refused.length === 0) return null;
  const reasons = new Map<string, number>();
  for (const { reason } of refused) {
    const text = reason === undefined ? '' : textIn(FILE_REASONS[reason], locale);
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
  }
  return (
    <Notice tone="danger">
      <p className="font-semibold">{t('refusedTitle', { count: refused.length })}</p>
      <ul className="mt-1 text-[13px]">
        {[...reasons].map(([text, count]) => (
          <li key={text}>
            {formatNumber(count, locale)} × {text}
          </li>
        ))}
      </ul>
      {refused.some(({ reason }) => reason === 'IDENTITY_MISMATCH') && (
        <p className="mt-1.5 text-[13px] text-dim">{t('refusedIdentity')}</p>
      )}
    </Notice>
  );
}

/** Texts that were read by another character set than their files declare: somebody looks at the names. */
function Uncertain({ files, studies }: Pick<ImportReport, 'files' | 'studies'>) {
  const t = useText('imports');
  const patients = useText('patients');
  const common = useText('common');
  const uids = new Set(files.flatMap((file) => (file.reason === 'TEXT_UNCERTAIN' ? (file.studyInstanceUid ?? []) : [])));
  const shown = studies.filter(({ studyInstanceUid }) => uids.has(studyInstanceUid)).slice(0, SHOWN);
  const found = useQueries({
    queries: shown.map((one) => ({ ...studyQuery(one.studyInstanceUid, placeOf(one).groupId), retry: false })),
  });
  const people = new Map(found.flatMap(({ data }) => (data === undefined ? [] : [[data.patient.id, data.patient] as const])));
  if (uids.size === 0) return null;
  return (
    <Notice tone="amber">
      <p className="font-semibold">{t('uncertainTitle', { count: uids.size })}</p>
      <p className="mt-0.5 text-[13px]">{patients('uncertainText')}</p>
      <ul className="mt-1.5 flex flex-wrap gap-2">
        {[...people].map(([id, patient]) => (
          <li key={id}>
            <Link to="/app/patients/$id" params={{ id }} className={buttonClass('plain', 'small')}>
              {formatName(patient) || common('noName')}
            </Link>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Images that were here already, under somebody whom the import, or they themselves, don't name. */
function Elsewhere({ report }: { report: ImportReport }) {
  const t = useText('imports');
  const others = report.alreadyUnder.filter(({ isOther }) => isOther).slice(0, SHOWN);
  const found = useQueries({ queries: others.map(({ id }) => ({ ...patientQuery(id), retry: false })) });
  if (others.length === 0) return null;
  return (
    <Notice tone="amber">
      <ul className="flex flex-col gap-1">
        {others.map(({ id, recordNumber, files }, index) => {
          const patient = found[index]?.data;
          const name = patient === undefined ? recordNumber : formatName(patient) || recordNumber;
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span>{t('alreadyUnder', { count: files, name })}</span>
              <Link to="/app/patients/$id" params={{ id }} className={buttonClass('plain', 'small')}>
                {t('openStudy')}
              </Link>
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}
