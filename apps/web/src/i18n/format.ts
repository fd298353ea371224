import { personOnPage } from '@negatoscope/contract/person-name';

export type Locale = 'fr' | 'en';

const TAGS: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' };
const cache = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();
function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${locale}${JSON.stringify(options)}`;
  const found = cache.get(key);
  if (found instanceof Intl.DateTimeFormat) return found;
  const made = new Intl.DateTimeFormat(TAGS[locale], options);
  cache.set(key, made);
  return made;
}
function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${locale}${JSON.stringify(options)}`;
  const found = cache.get(key);
  if (found instanceof Intl.NumberFormat) return found;
  const made = new Intl.NumberFormat(TAGS[locale], options);
  cache.set(key, made);
  return made;
}

const DAY: Record<Locale, Intl.DateTimeFormatOptions> = {
  fr: { day: '2-digit', month: '2-digit', year: 'numeric' },
  en: { day: 'numeric', month: 'short', year: 'numeric' },
};

/** British English writes "Sept"; every month has three letters here, so that columns align. */
function day(date: Date, locale: Locale, timeZone?: string): string {
  return dateFormat(locale, { ...DAY[locale], ...(timeZone === undefined ? {} : { timeZone }) })
    .format(date)
    .replace('Sept', 'Sep');
}

/** A local wall-clock date (`YYYY-MM-DD`, no time zone): `20/11/2026` or `20 Nov 2026`; anything else is given back as it is. */
export function formatDate(date: string | null | undefined, locale: Locale): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(date ?? '');
  if (parts === null) return date ?? '';
  const utc = new Date(`${parts[1]}-${parts[2]}-${parts[3]}T00:00:00Z`);
  return Number.isNaN(utc.getTime()) ? (date ?? '') : day(utc, locale, 'UTC');
}

/** A DICOM wall-clock time as the server sends it (`HH:MM:SS[.ffffff]` or `HHMMSS`): hours and minutes. */
export function formatTime(time: string | null | undefined): string {
  const parts = /^(\d{2}):?(\d{2})/.exec(time ?? '');
  return parts === null ? '' : `${parts[1]}:${parts[2]}`;
}

/** One of our own events (ISO 8601 UTC) in this machine's time zone: date and time. */
export function formatInstant(instant: string | null | undefined, locale: Locale): string {
  const date = new Date(instant ?? '');
  if (Number.isNaN(date.getTime())) return '';
  const time = dateFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false }).format(date);
  return `${day(date, locale)} ${time}`;
}

export const formatNumber = (value: number, locale: Locale): string => numberFormat(locale, {}).format(value);
/** With so many decimals, neither more nor fewer: what stands below each other can be compared. */
export const formatDecimal = (value: number, locale: Locale, digits = 2): string =>
  numberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
/** `ratio` is 0 to 1: per cent with a decimal where there is one. */
export const formatShare = (ratio: number, locale: Locale): string =>
  numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(ratio);
/** `ratio` is 0 to 1: whole per cent, to the nearest. */
export const formatWholeShare = (ratio: number, locale: Locale): string =>
  numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(ratio);
/** `ratio` is 0 to 1. Rounded down, so that 100 % means finished. */
export const formatPercent = (ratio: number, locale: Locale): string =>
  numberFormat(locale, { style: 'percent' }).format(Math.floor(Math.min(1, Math.max(0, ratio)) * 100) / 100);

const BYTE_UNITS: Record<Locale, readonly string[]> = { fr: ['o', 'Ko', 'Mo', 'Go', 'To'], en: ['B', 'KB', 'MB', 'GB', 'TB'] };
/** A size in bytes with a decimal unit: `1,5 Mo`. */
export function formatBytes(bytes: number, locale: Locale): string {
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${numberFormat(locale, { maximumFractionDigits: digits }).format(value)}\u00a0${BYTE_UNITS[locale][power] ?? ''}`;
}

/** A duration in seconds for people: `45 s`, `3 min`, `1 h 20 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))}\u00a0s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, '0')}\u00a0min`;
}

/** `NOM Prénom`, as the server writes it too where it names somebody in one text. */
export const formatName = personOnPage;

export interface Age {
  readonly unit: 'years' | 'months' | 'days';
  readonly count: number;
}

/**
 * Age on a day, both dates local wall clock: whole years from 2 years on, whole months from 2 months on, days before that.
 * Undefined when a date is missing, unreadable, or birth comes after the day.
 */
export function ageAt(birthDate: string | null | undefined, on: string): Age | undefined {
  const birth = /^(\d{4})-(\d{2})-(\d{2})/
    .exec(birthDate ?? '')
    ?.slice(1, 4)
    .map(Number);
  const day = /^(\d{4})-(\d{2})-(\d{2})/.exec(on)?.slice(1, 4).map(Number);
  if (birth === undefined || day === undefined) return undefined;
  const [by = 0, bm = 0, bd = 0] = birth;
  const [dy = 0, dm = 0, dd = 0] = day;
  const days = Math.round((Date.UTC(dy, dm - 1, dd) - Date.UTC(by, bm - 1, bd)) / 86_400_000);
  if (days < 0) return undefined;
  const months = (dy - by) * 12 + (dm - bm) - (dd < bd ? 1 : 0);
  if (months >= 24) return { unit: 'years', count: Math.floor(months / 12) };
  return months >= 2 ? { unit: 'months', count: months } : { unit: 'days', count: days };
}

/** Today as a local wall-clock date. */
export function today(now = new Date()): string {
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}

/** The day `days` before a local date. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** A long identifier shortened in the middle, its two ends kept. */
export function shorten(value: string, keep = 10): string {
  return value.length <= keep * 2 + 1 ? value : `${value.slice(0, keep)}…${value.slice(-keep)}`;
}
