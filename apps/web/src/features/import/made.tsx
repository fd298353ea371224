import type { ImportReport, Study } from '@negatoscope/contract';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCan } from '../../api/me.ts';
import { patientQuery } from '../../entities/patient/queries.ts';
import { placeOf } from '../../entities/study/place.ts';
import { hoverStudy } from '../../entities/study/prefetch.ts';
import { studyQuery } from '../../entities/study/queries.ts';
import { formatDate, formatName, formatNumber, shorten } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Modalities } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';

const SHOWN = 6;

/** The patients and studies that an import touched, each one click away. */
export function Made({ report }: { report: ImportReport }) {
  const t = useText('imports');
  const can = useCan();
  if (report.patients.length === 0 && report.studies.length === 0) return null;
  return (
    <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
      {can('studies.read') && report.studies.length > 0 && (
        <section className="ng-card p-4">
          <h3 className="mb-1.5 font-semibold">{t('madeStudies', { count: report.studies.length })}</h3>
          <Studies studies={report.studies} />
        </section>
      )}
      {report.patients.length > 0 && (
        <section className="ng-card p-4">
          <h3 className="mb-1.5 font-semibold">{t('madePatients', { count: report.patients.length })}</h3>
          <Patients patients={report.patients} />
        </section>
      )}
    </div>
  );
}

/** The way to those that are not listed here: the lists, the latest received first where they can be ordered so. */
function Rest({ count, to }: { count: number; to: '/app/worklist' | '/app/patients' }) {
  const t = useText('imports');
  const locale = useLocale();
  if (count <= 0) return null;
  return (
    <li className="pt-2 text-[13px]">
      <Link
        to={to}
        search={to === '/app/worklist' ? { sort: '-receivedAt' } : {}}
        className="inline-flex min-h-6 coarse:min-h-11 items-center rounded text-accent hover:underline"
      >
        {t('moreOnes', { rest: formatNumber(count, locale) })}
      </Link>
    </li>
  );
}

function Studies({ studies }: { studies: ImportReport['studies'] }) {
  const shown = studies.slice(0, SHOWN);
  const found = useQueries({
    queries: shown.map((one) => ({
      ...studyQuery(one.studyInstanceUid, placeOf(one).groupId),
      retry: false,
    })),
  });
  return (
    <ul>
      {shown.map((one, index) => (
        <MadeStudy key={one.studyInstanceUid} place={one} study={found[index]?.data} />
      ))}
      <Rest count={studies.length - shown.length} to="/app/worklist" />
    </ul>
  );
}

/** `study` is there once it was read; until then its UID stands for it. */
function MadeStudy({ place, study }: { place: ImportReport['studies'][number]; study: Study | undefined }) {
  const t = useText('imports');
  const common = useText('common');
  const locale = useLocale();
  const { studyInstanceUid } = place;
  return (
    <li
      className="flex min-h-11 items-center gap-3 border-b border-line/60 py-1 last:border-0"
      onMouseEnter={() => hoverStudy(place)}
    >
      <span className="w-10 shrink-0 truncate">{study !== undefined && <Modalities list={study.modalities.slice(0, 1)} />}</span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          {study === undefined ? shorten(studyInstanceUid) : formatName(study.patient) || common('noName')}
        </span>
        <span className="tabular block truncate text-[13px] text-dim">
          {[formatDate(study?.studyDate, locale), textOfFile(study?.description)].filter(Boolean).join(' · ') || '\u00a0'}
        </span>
      </span>
      <Link
        to="/app/studies/$studyInstanceUid"
        params={{ studyInstanceUid }}
        search={placeOf(place)}
        className={buttonClass('primary', 'small')}
      >
        {t('openStudy')}
      </Link>
    </li>
  );
}

function Patients({ patients }: { patients: ImportReport['patients'] }) {
  const common = useText('common');
  const locale = useLocale();
  const shown = patients.slice(0, SHOWN);
  const found = useQueries({ queries: shown.map(({ id }) => ({ ...patientQuery(id), retry: false })) });
  return (
    <ul>
      {shown.map(({ id, recordNumber }, index) => {
        const patient = found[index]?.data;
        return (
          <li key={id} className="border-b border-line/60 last:border-0">
            <Link
              to="/app/patients/$id"
              params={{ id }}
              className="flex min-h-11 flex-wrap items-center gap-x-3 rounded py-1 hover:text-accent"
            >
              <span className="min-w-36 flex-1 truncate font-medium">
                {patient === undefined ? recordNumber : formatName(patient) || common('noName')}
              </span>
              <span className="tabular text-[13px] text-dim">
                {[formatDate(patient?.birthDate, locale), recordNumber].filter(Boolean).join(' · ')}
              </span>
            </Link>
          </li>
        );
      })}
      <Rest count={patients.length - shown.length} to="/app/patients" />
    </ul>
  );
}
