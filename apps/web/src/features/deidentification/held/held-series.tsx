import type { DeidHeldSeries } from '@negatoscope/contract';
import { formatDate } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { textOfFile } from '../../../i18n/text-of-file.ts';
import { cx } from '../../../ui/cx.ts';

interface Props {
  readonly items: readonly DeidHeldSeries[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}
/** Series with files that may show text; those that wait stand first. */
export function HeldSeries({ items, chosen, onChoose }: Props) {
  const t = useText('deid');
  const locale = useLocale();
  return (
    <ul className="ng-card max-h-64 overflow-auto" aria-label={t('heldSeries')}>
      {items.map(({ id, patient, modality, description, studyDate, studyDescription, files, waiting }) => (
        <li key={id} className="border-b border-line/70 last:border-0">
          <button
            type="button"
            aria-pressed={id === chosen}
            onClick={() => onChoose(id)}
            className={cx(
              'flex w-full flex-wrap gap-x-3 px-4 py-2 text-left text-sm',
              id === chosen ? 'bg-accent-soft' : 'hover:bg-surface-2',
            )}
          >
            <span className="font-medium">{patient}</span>
            <span className="text-dim">
              {[
                studyDate === null ? null : formatDate(studyDate, locale),
                textOfFile(studyDescription),
                textOfFile(modality),
                textOfFile(description),
              ]
                .filter((one) => one !== null && one !== '')
                .join(' · ')}
            </span>
            <span className={cx('tabular ml-auto', waiting > 0 ? 'text-amber' : 'text-accent')}>
              {waiting > 0 ? t('waitingOf', { waiting, files }) : t('allDecided', { count: files })}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
