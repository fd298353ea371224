import type { SignedReport, StudyReport } from '@negatoscope/contract';
import { REPORT_SECTIONS, type ReportSection } from '@negatoscope/contract/report-sections';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useText } from '../../../i18n/index.ts';
import type { StudyRef } from '../../model/dicomweb.ts';
import { PanelButton } from '../reading-section.tsx';
import { Choices } from './choices.tsx';
import { DictationState } from './dictate-button.tsx';
import { KeptState } from './kept-state.tsx';
import { KeptTexts } from './kept-texts.tsx';
import { PhraseList } from './phrase-list.tsx';
import { type Phrases, phrasesOf } from './phrases.ts';
import { type PrefillSource, usePrefill } from './prefill.ts';
import { PriorReport } from './prior-report.tsx';
import type { Keeping, ReportKeeper } from './report-keeper.ts';
import { SectionField } from './section-field.tsx';
import { Signing } from './signing.tsx';
import { type Dictation, useDictation } from './use-dictation.ts';
import { useKeptTexts } from './use-kept-texts.ts';

export interface EditorProps extends PrefillSource {
  readonly study: StudyRef;
  readonly keeper: ReportKeeper;
  readonly keeping: Keeping;
  readonly report: StudyReport;
  readonly patient: string | undefined;
  readonly ask: () => Promise<{ readonly data: StudyReport | undefined }>;
  readonly onSigned: (signed: SignedReport) => void;
}

const added = (text: string, more: string): string => (text.trim() === '' ? more : `${text.replace(/\s+$/, '')}\n${more}`);

/** What signs stays in sight, where the panel has room for it and for what is written. */
const STAYS =
  '-mx-3 w-[calc(100%+1.5rem)] bg-(--ng-surface) px-3 py-2 [@media(min-height:600px)]:sticky [@media(min-height:600px)]:bottom-0 [@media(min-height:600px)]:z-10 [@media(min-height:600px)]:border-(--ng-line) [@media(min-height:600px)]:border-t';

/** Where the report is written: its sections, what may be put into them, whether they are kept, and signing. */
export function Editor(props: EditorProps) {
  const { study, keeper, keeping, report, patient, ask, onSigned, prior } = props;
  const [isAsked, setIsAsked] = useState(false);
  const prefill = usePrefill(props, keeping.language);
  const { templates, phrases: kept } = useKeptTexts(study.groupId);
  const dictation = useDictation(report.mayDictate, keeping.language);
  const phrases = useMemo(() => phrasesOf(keeping.language, kept), [keeping.language, kept]);
  const insert = (section: ReportSection, text: string): void => keeper.set(section, added(keeping.sections[section], text));
  return (
    <div className="flex w-full flex-col items-start gap-2" data-testid="report-editor" data-state={keeping.state}>
      <Choices {...{ keeper, keeping, templates }} />
      <Insert prefill={prefill} onInsert={insert} />
      {prior !== undefined && <PriorReport prior={prior} />}
      <Sections {...{ keeper, keeping, dictation, phrases }} onDone={() => setIsAsked(true)} />
      <DictationState dictation={dictation} />
      <KeptState {...{ keeper, keeping, report, ask }} />
      <div className={STAYS}>
        <Signing
          {...{ study, keeper, keeping, patient, onSigned, isAsked }}
          patientId={report.patientId}
          areValuesLossless={prefill.areFinal}
          onAsk={setIsAsked}
        />
      </div>
      <KeptTexts
        study={study}
        version={keeping.version}
        onTake={({ sections, language, template }) => keeper.replace({ sections, language, template })}
      />
      <PhraseList phrases={phrases} />
    </div>
  );
}

interface SectionsProps extends Pick<EditorProps, 'keeper' | 'keeping'> {
  readonly dictation: Dictation;
  readonly phrases: Phrases;
  readonly onDone: () => void;
}

/** What is written, section by section. */
function Sections({ keeper, keeping, dictation, phrases, onDone }: SectionsProps) {
  const t = useText('viewer');
  return REPORT_SECTIONS.map((name) => (
    <SectionField
      key={name}
      section={name}
      dictation={dictation}
      label={t(`report.${name}`)}
      value={keeping.sections[name]}
      language={keeping.language}
      phrases={phrases}
      onChange={(text) => keeper.set(name, text)}
      onBlur={() => void (keeper.isUnsaved && keeper.flush())}
      onDone={onDone}
    />
  ));
}

interface InsertProps {
  readonly prefill: ReturnType<typeof usePrefill>;
  readonly onInsert: (section: ReportSection, text: string) => void;
}

/** What the study has already, put into a section by one press. */
function Insert({ prefill, onInsert }: InsertProps) {
  const t = useText('viewer');
  const { measurements, keyImages, score, comparison } = prefill;
  const offers = [
    { label: t('report.insertMeasurements'), section: 'findings', text: measurements },
    { label: t('report.insertKeyImages'), section: 'findings', text: keyImages },
    { label: t('report.insertScore'), section: 'findings', text: score },
    { label: t('report.insertPrior'), section: 'comparison', text: comparison },
  ] as const;
  if (offers.every(({ text }) => text === undefined)) return null;
  return (
    <fieldset className="flex w-full flex-wrap items-center gap-1.5">
      <legend className="sr-only">{t('report.insert')}</legend>
      {offers.map(
        ({ label, section, text }) =>
          text !== undefined && <PanelButton key={label} icon={Plus} text={label} onPress={() => onInsert(section, text)} />,
      )}
    </fieldset>
  );
}
