import type { FoundStudy } from '@negatoscope/contract';
import { personNameOnPage } from '@negatoscope/contract/person-name';
import { Link } from '@tanstack/react-router';
import { placeOf } from '../../entities/study/place.ts';
import { formatDate, formatNumber } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Modalities } from '../../ui/bits.tsx';

/** `20240105`, as DICOM writes it; anything else is shown as it is. */
const dicomDate = (date: string, locale: Locale): string => {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  return year === undefined ? date : formatDate(`${year}-${month}-${day}`, locale);
};

export const nameOf = ({ patientName }: FoundStudy, t: Text<'archives'>): string => personNameOnPage(patientName) || t('unnamed');

/** How much of it is here already, and the way to it. */
function Here({ study }: { study: FoundStudy }) {
  const t = useText('archives');
  const { here, instances, studyInstanceUid } = study;
  if (here === null) return null;
  const isWhole = instances === null || here.instances >= instances;
  return (
    <Link
      to="/app/studies/$studyInstanceUid"
      params={{ studyInstanceUid }}
      search={placeOf(here)}
      title={t('open', { name: nameOf(study, t) })}
      className={`rounded-full border px-2 text-[12px] leading-5 hover:underline ${isWhole ? 'border-accent/50 text-accent' : 'border-amber/60 text-amber'}`}
    >
      {isWhole ? t('here') : t('hereSome', { count: here.instances })}
    </Link>
  );
}

interface RowProps {
  readonly study: FoundStudy;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}
function Row({ study, isChosen, onChoose }: RowProps) {
  const t = useText('archives');
  const locale = useLocale();
  const { patientId, patientBirthDate, studyDate, description, accessionNumber, modalities, instances } = study;
  const facts = [
    textOfFile(patientId),
    dicomDate(patientBirthDate, locale),
    textOfFile(description),
    textOfFile(accessionNumber),
    ...(instances === null ? [] : [t('images', { count: instances })]),
  ];
  return (
    <li className="border-b border-line/70 last:border-0">
      <label className="flex min-h-12 cursor-pointer items-center gap-3 px-4 py-2 hover:bg-surface-2/60">
        <input
          type="checkbox"
          checked={isChosen}
          onChange={(event) => onChoose(event.target.checked)}
          aria-label={t('choose', { name: `${nameOf(study, t)} ${dicomDate(studyDate, locale)}` })}
          className="size-4 shrink-0 accent-accent coarse:size-5"
        />
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium break-words">{nameOf(study, t)}</span>
            <span className="tabular text-dim">{dicomDate(studyDate, locale)}</span>
            <Modalities list={modalities} />
            <Here study={study} />
          </span>
          <span className="tabular block text-[13px] break-words text-dim">
            {facts.filter((fact) => fact !== '').join(' · ')}
          </span>
        </span>
      </label>
    </li>
  );
}

interface Props {
  readonly studies: readonly FoundStudy[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

/** What was found, to be chosen from. */
export function FoundStudies({ studies, chosen, onChoose }: Props) {
  const t = useText('archives');
  const locale = useLocale();
  const choose = (uid: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(uid);
    else next.delete(uid);
    onChoose(next);
  };
  const all = studies.length > 0 && studies.every(({ studyInstanceUid }) => chosen.has(studyInstanceUid));
  return (
    <div className="ng-card">
      <label className="flex min-h-10 items-center gap-3 border-b border-line px-4 text-[13px] text-dim">
        <input
          type="checkbox"
          checked={all}
          onChange={() => onChoose(new Set(all ? [] : studies.map(({ studyInstanceUid }) => studyInstanceUid)))}
          className="size-4 accent-accent coarse:size-5"
        />
        {t('chooseAll')} ({formatNumber(studies.length, locale)})
      </label>
      <ul>
        {studies.map((study) => (
          <Row
            key={study.studyInstanceUid}
            study={study}
            isChosen={chosen.has(study.studyInstanceUid)}
            onChoose={(isChosen) => choose(study.studyInstanceUid, isChosen)}
          />
        ))}
      </ul>
    </div>
  );
}
