import type { DeidExport } from '@negatoscope/contract';
import { formatBytes, formatInstant, formatNumber } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { ProgressLine } from '../../ui/bits.tsx';
import { ExportActions } from './export-actions.tsx';
import { type ExportStanding, isKept, ratioOf, standingOf } from './export-state.ts';

const TONES: Readonly<Record<ExportStanding, string>> = {
  WAITING: 'text-dim',
  RUNNING: 'text-accent',
  DONE: 'text-accent',
  FAILED: 'text-danger',
  CANCELLED: 'text-dim',
  TO_LOOK: 'text-amber',
  IN_PART: 'text-accent',
};
const SIGNS: Readonly<Record<ExportStanding, string>> = {
  ...{ WAITING: '…', RUNNING: '→', DONE: '✓', FAILED: '×', CANCELLED: '–' },
  ...{ TO_LOOK: '!', IN_PART: '✓' },
};

function factsOf({ patients, total, done, sizeBytes, createdAt }: DeidExport, t: Text<'deid'>, locale: Locale): string {
  return [
    t('patients', { count: patients }),
    ...(total === null ? [] : [t('progress', { done: formatNumber(done, locale), count: total })]),
    ...(sizeBytes === null ? [] : [formatBytes(sizeBytes, locale)]),
    formatInstant(createdAt, locale).replace(' ', '\u00a0'),
  ].join(' · ');
}

/** What there is to say beside the facts: why nothing came of it, or until when it is kept. */
function Ended({ of }: { of: DeidExport }) {
  const t = useText('deid');
  const locale = useLocale();
  if (of.code !== null) return <p className="text-[13px] text-danger">{t(`failed_${of.code}`)}</p>;
  if (of.status !== 'DONE' || of.done === 0) return null;
  return (
    <p className="tabular text-[13px] text-dim">
      {isKept(of) ? t('keptUntil', { at: formatInstant(of.expiresAt, locale) }) : t('keptNoMore')}
    </p>
  );
}

interface Props {
  readonly of: DeidExport;
  /** Asks which files did not leave. */
  readonly onTell: () => void;
}
/** One export: into what, how far it is, and what can be done with it. */
export function ExportRow({ of, onTell }: Props) {
  const t = useText('deid');
  const locale = useLocale();
  const w = useText('deidWhere');
  const { status, project, refused, decided, form, target, unchanged } = of;
  const what = project?.name ?? t('alone');
  const ratio = ratioOf(of);
  const standing = standingOf(of);
  return (
    <li className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-b border-line/70 px-4 py-2.5 last:border-0">
      <div className="min-w-56 flex-1">
        <p className="flex flex-wrap gap-x-2">
          <b aria-hidden="true" className={TONES[standing]}>
            {SIGNS[standing]}
          </b>
          <span className="min-w-0 font-medium break-words">{what}</span>
          <span className={TONES[standing]}>{t(`status${standing}`)}</span>
        </p>
        <p className="tabular text-[13px] break-words text-dim">{factsOf(of, t, locale)}</p>
        {form !== 'DICOM' && (
          <p className="text-[13px] break-words text-dim">
            {form === 'GROUP' ? w('intoGroup', { name: target?.name ?? '–' }) : w('form_NIFTI')}
            {unchanged > 0 && ` · ${w('unchanged', { count: unchanged })}`}
          </p>
        )}
        {refused > 0 && <p className="text-[13px] text-amber">! {t('refused', { count: refused })}</p>}
        {status === 'DONE' && decided > 0 && <p className="text-[13px] text-accent">{t('decidedSince', { count: decided })}</p>}
        <Ended of={of} />
        {status === 'RUNNING' && ratio !== undefined && (
          <div className="mt-1.5">
            <ProgressLine ratio={ratio} label={what} />
          </div>
        )}
      </div>
      <ExportActions of={of} what={what} onTell={onTell} />
    </li>
  );
}
