import type { DeidCount } from '@negatoscope/contract';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';

/** How much a search finds now, what of it does not leave, and whether that is too much for one export. */
export function FoundWords({ count }: { count: DeidCount | undefined }) {
  const w = useText('deidWhere');
  const locale = useLocale();
  if (count === undefined) return <Skeleton width="100%" height={24} />;
  const { studies, patients, notYours, alreadyThere, isTooMany, mostStudies, mostPatients } = count;
  if (isTooMany) {
    const most = { studies: formatNumber(mostStudies, locale), patients: formatNumber(mostPatients, locale) };
    return <Notice tone="amber">{w('tooMuch', most)}</Notice>;
  }
  const found = `${w('foundStudies', { count: studies })} ${w('foundPatients', { count: patients })}`;
  return (
    <output className="tabular">
      <span className="block font-medium">{studies === 0 ? w('foundNothing') : found}</span>
      {notYours > 0 && <span className="block text-[13px] text-dim">{w('notYours', { count: notYours })}</span>}
      {alreadyThere > 0 && <span className="block text-[13px] text-dim">{w('alreadyThere', { count: alreadyThere })}</span>}
    </output>
  );
}
