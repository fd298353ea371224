import type { ConsultationLine } from '@negatoscope/contract';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';

/** What of somebody's vital signs is unusual, with value and unit. */
export function UnusualSigns({ line: { unusual, vitalSigns } }: { line: Pick<ConsultationLine, 'unusual' | 'vitalSigns'> }) {
  const t = useText('consultations');
  const locale = useLocale();
  return unusual.map((name) => (
    <span
      key={name}
      className="tabular inline-flex items-center gap-1 rounded-md border border-amber/50 bg-amber/10 px-1.5 text-[12px] leading-5"
    >
      <span aria-hidden="true" className="font-bold text-amber">
        !
      </span>
      {t(name)} {formatNumber(vitalSigns[name] ?? 0, locale)} {t(`unit_${name}`)}
    </span>
  ));
}
