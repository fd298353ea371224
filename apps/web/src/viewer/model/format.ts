/** Texts made from DICOM values for the overlay. Nothing here throws on malformed input: it shows what is there. */

function parseDate(value: string | undefined): Date | undefined {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value ?? '');
  if (match === null) return undefined;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return Number.isNaN(date.getTime()) || date.getUTCMonth() !== Number(match[2]) - 1 ? undefined : date;
}

const dayIn = (isFrench: boolean): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(isFrench ? 'fr-FR' : 'en-GB', {
    day: isFrench ? '2-digit' : 'numeric',
    month: isFrench ? '2-digit' : 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
/** Making one takes longer than all else that a pane says, and every slice says it again. */
const days = new Map<boolean, Intl.DateTimeFormat>();

/** A DA value as `20/11/2026` in French, `20 Nov 2026` in English; the raw value when it is no date. */
export function formatDate(value: string | undefined, language: string): string {
  const date = parseDate(value);
  if (date === undefined) return value ?? '';
  const isFrench = language.startsWith('fr');
  const day = days.get(isFrench) ?? dayIn(isFrench);
  days.set(isFrench, day);
  // British English writes "Sept"; here as everywhere in the product every month has three letters.
  return day.format(date).replace('Sept', 'Sep');
}

export interface Age {
  readonly value: number;
  readonly unit: 'years' | 'months' | 'days';
}

/** Age at the study: from the two dates, or else from Patient Age (`045Y`, `006M`, `012D`). */
export function ageAtStudy(
  birthDate: string | undefined,
  studyDate: string | undefined,
  patientAge: string | undefined,
): Age | undefined {
  const birth = parseDate(birthDate);
  const study = parseDate(studyDate);
  if (birth !== undefined && study !== undefined && study >= birth) {
    const hadDay = study.getUTCDate() >= birth.getUTCDate();
    const months =
      (study.getUTCFullYear() - birth.getUTCFullYear()) * 12 + study.getUTCMonth() - birth.getUTCMonth() - (hadDay ? 0 : 1);
    if (months >= 24) return { value: Math.floor(months / 12), unit: 'years' };
    if (months >= 2) return { value: months, unit: 'months' };
    return { value: Math.round((study.getTime() - birth.getTime()) / 86_400_000), unit: 'days' };
  }
  const match = /^(\d{3})([YMWD])$/.exec(patientAge ?? '');
  if (match === null) return undefined;
  const value = Number(match[1]);
  if (match[2] === 'Y') return { value, unit: 'years' };
  if (match[2] === 'M') return { value, unit: 'months' };
  return { value: match[2] === 'W' ? value * 7 : value, unit: 'days' };
}

/** At most `digits` decimals and no trailing zeros, with the decimal mark of the language. */
export function formatNumber(value: number, language: string, digits = 1): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits, useGrouping: false }).format(value);
}

/** A measured value: whole numbers whole, others with at least four significant digits, so that small units keep their meaning. */
export function formatValue(value: number, language: string): string {
  if (Number.isInteger(value)) return new Intl.NumberFormat(language, { useGrouping: false }).format(value);
  const whole = Math.trunc(Math.abs(value)).toString().length;
  return new Intl.NumberFormat(language, { maximumSignificantDigits: Math.max(4, whole + 1), useGrouping: false }).format(value);
}
