import { type Text, useLocale, useText } from '../../i18n/index.ts';
import type { MprSnapshot, ValueAt } from '../engine/volume/index.ts';
import { formatNumber, formatValue } from '../model/format.ts';
import type { Refusal, Remark } from '../model/volume-geometry.ts';
import type { Phase } from '../model/volume-phases.ts';

type T = Text<'viewer'>;
type Write = (value: number) => string;

const MEGABYTE = 1024 * 1024;

function refusalText(t: T, write: Write, refusal: Refusal): string {
  switch (refusal.kind) {
    case 'missing': {
      const ends = { from: write(refusal.from), to: write(refusal.to), count: refusal.count };
      if (refusal.places > 1) return t('mpr.refused.missingPlaces', { ...ends, places: refusal.places });
      return t('mpr.refused.missing', ends);
    }
    case 'samePosition':
      return t('mpr.refused.samePosition', { count: refusal.places, times: refusal.times });
    case 'unseen':
      return t('mpr.refused.unseen', { spacing: write(refusal.spacingMm), thickness: write(refusal.thicknessMm) });
    case 'irregular':
      return t('mpr.refused.irregular', { least: write(refusal.leastMm), most: write(refusal.mostMm) });
    case 'tilt':
      return t('mpr.refused.tilt', { degrees: write(refusal.degrees) });
    case 'shifted':
      return t('mpr.refused.shifted', { mm: write(refusal.mm) });
    case 'notGray':
    case 'uncalibrated':
      return t(`mpr.refused.${refusal.kind}`);
    default: {
      const { kind, ...values } = refusal;
      return t(`mpr.refused.${kind}`, values);
    }
  }
}

function remarkText(t: T, write: Write, remark: Remark): string {
  if (remark.kind === 'tilt') return t('mpr.remarks.tilt', { degrees: write(remark.degrees) });
  return t('mpr.remarks.uneven', { least: write(remark.leastMm), most: write(remark.mostMm) });
}

/** What is said of a volume, in the reader's language. */
export function useMprWords() {
  const t = useText('viewer');
  const locale = useLocale();
  const write: Write = (value) => formatNumber(value, locale, 1);
  const valueText = ({ value }: ValueAt, unit: string | undefined): string =>
    Number.isNaN(value) ? t('mpr.noValue') : [formatValue(Number(value.toPrecision(5)), locale), unit].filter(Boolean).join(' ');
  return {
    write,
    refusal: (refusal: Refusal) => refusalText(t, write, refusal),
    remark: (remark: Remark) => remarkText(t, write, remark),
    phase: ({ marks }: Phase) => marks.map(({ key, value }) => t(`mpr.phases.${key}`, { value })).join(' · '),
    tooLarge: ({ bytes, limitBytes }: MprSnapshot) =>
      t('mpr.tooLarge', { bytes: Math.ceil(bytes / MEGABYTE), limit: Math.floor(limitBytes / MEGABYTE) }),
    value: valueText,
    place: ({ point: [x, y, z] }: ValueAt) => t('mpr.place', { x: write(x), y: write(y), z: write(z) }),
    length: (mm: number) => `${formatNumber(mm, locale, mm < 10 ? 2 : 1)} mm`,
  };
}
