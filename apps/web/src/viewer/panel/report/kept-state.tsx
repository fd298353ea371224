import type { StudyReport } from '@negatoscope/contract';
import { errorText } from '../../../api/error.ts';
import { formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { PanelButton } from '../reading-section.tsx';
import type { Keeping, ReportKeeper } from './report-keeper.ts';

interface KeptStateProps {
  readonly keeper: ReportKeeper;
  readonly keeping: Keeping;
  readonly report: StudyReport;
  /** Asks what the server has now. */
  readonly ask: () => Promise<{ readonly data: StudyReport | undefined }>;
}

const clock = (at: Date, locale: 'fr' | 'en'): string =>
  at.toDateString() === new Date().toDateString()
    ? (formatInstant(at.toISOString(), locale).split(' ').at(-1) ?? '')
    : formatInstant(at.toISOString(), locale);

/** Whether what was typed is kept; why not, and what one can do, where it is not. */
export function KeptState({ keeper, keeping, report, ask }: KeptStateProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const { state, theirs, isOfOtherPatient, failure, savedAt } = keeping;
  if (theirs !== undefined) return <Twice {...{ keeper, theirs, ask, report }} />;
  if (isOfOtherPatient)
    return (
      <Told text={t('report.otherPatient')}>
        <PanelButton
          text={t('report.readAgain')}
          onPress={() => void ask().then(({ data }) => keeper.readFor((data ?? report).patientId))}
        />
      </Told>
    );
  if (state === 'failed')
    return (
      <Told text={`${t('report.failed')} ${errorText(failure, locale)}`}>
        <PanelButton text={t('report.retry')} onPress={() => void keeper.flush()} />
      </Told>
    );
  const text =
    state === 'saved' && savedAt !== undefined
      ? t('report.saved', { at: clock(savedAt, locale) })
      : t(state === 'nothing' ? 'report.nothingYet' : 'report.waiting');
  return (
    <p role="status" className="text-(--ng-text-dim) text-xs">
      {text}
    </p>
  );
}

function Told({ text, children }: { readonly text: string; readonly children: React.ReactNode }) {
  return (
    <div role="alert" className="flex w-full flex-col gap-1.5 rounded-md border border-(--ng-amber) p-2 text-xs">
      <p className="text-(--ng-amber)">{text}</p>
      <div className="flex flex-wrap gap-1.5">{children}</div>
    </div>
  );
}

type TwiceProps = Omit<KeptStateProps, 'keeping'> & { readonly theirs: NonNullable<Keeping['theirs']> | null };

/** Somebody else wrote or signed meanwhile. */
function Twice({ keeper, theirs, ask, report }: TwiceProps) {
  const t = useText('viewer');
  if (theirs === null)
    return (
      <Told text={t('report.signedMeanwhile')}>
        <PanelButton text={t('report.goOn')} onPress={() => void ask().then(({ data }) => keeper.amend(data ?? report))} />
      </Told>
    );
  const written = Object.values(theirs.sections).filter((text) => text.trim() !== '');
  return (
    <Told text={t('report.theirs', { name: theirs.author?.name ?? t('report.somebody') })}>
      <p className="max-h-40 w-full overflow-auto whitespace-pre-wrap break-words text-(--ng-text)">{written.join('\n\n')}</p>
      <PanelButton text={t('report.mine')} onPress={() => keeper.settle(true)} />
      <PanelButton text={t('report.other')} onPress={() => keeper.settle(false)} />
    </Told>
  );
}
