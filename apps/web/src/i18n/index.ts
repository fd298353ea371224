import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { ageAt, type Locale, today } from './format.ts';
import type { Strings as FirstStrings } from './fr/index.ts';
import type { viewer } from './fr/viewer.ts';
import { firstLocale, keepLocale } from './locale.ts';
import { inFrench, type Texts } from './typography.ts';

export type { Locale } from './format.ts';

/** The texts by namespace: those that come with the page, and those of the viewer, which come with it. */
type Strings = FirstStrings & { readonly viewer: typeof viewer };
type PathOf<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${PathOf<T[K]>}` }[keyof T & string];
type WithoutPlural<K> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;
/** Keys as they are asked for: `total_one` and `total_other` are asked for as `total` with a count; what stands deeper by its path. */
export type KeyOf<N extends keyof Strings> = WithoutPlural<PathOf<Strings[N]>> & string;
type Values = Readonly<Record<string, string | number>>;
export type Text<N extends keyof Strings> = (key: KeyOf<N>, values?: Values) => string;

/** Where the texts of a language come from; a page of few words brings its own. */
export type TextSource = Record<Locale, () => Promise<{ readonly strings: Partial<FirstStrings> }>>;
const LOADERS: TextSource = {
  fr: () => import('./fr/index.ts'),
  en: () => import('./en/index.ts'),
};

async function load(locale: Locale, source: TextSource): Promise<void> {
  const { strings } = await source[locale]();
  for (const [namespace, words] of Object.entries(strings)) add(locale, namespace, words);
}

function add(locale: Locale, namespace: string, texts: Texts): void {
  i18next.addResourceBundle(locale, namespace, locale === 'fr' ? inFrench(texts) : texts, true, true);
}

let texts = LOADERS;

export async function startI18n(source: TextSource = LOADERS): Promise<void> {
  texts = source;
  const locale = firstLocale();
  await i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: false,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    resources: {},
    returnNull: false,
  });
  await load(locale, source);
  document.documentElement.lang = locale;
}

export async function setLocale(locale: Locale): Promise<void> {
  await load(locale, texts);
  await i18next.changeLanguage(locale);
  keepLocale(locale);
}

export function currentLocale(): Locale {
  return i18next.language === 'en' ? 'en' : 'fr';
}
export function useLocale(): Locale {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'fr';
}
/** The texts of one feature in the user's language. */
export function useText<N extends keyof Strings>(namespace: N): Text<N> {
  const { t } = useTranslation(namespace);
  return (key, values = {}) => String(t(key, values));
}
/** The viewer's texts in a language of one's choice, both of which come with it: what is written in a report stands in the report's. */
export function useViewerTextIn(locale: Locale): Text<'viewer'> {
  const { i18n } = useTranslation('viewer');
  const t = i18n.getFixedT(locale, 'viewer');
  return (key, values = {}) => String(t(key, values));
}
/** Texts outside of components. */
export const text = <N extends keyof Strings>(namespace: N, key: KeyOf<N>, values: Values = {}): string =>
  String(i18next.t(key, { ...values, ns: namespace }));

/** Adds the texts of the viewer, in both languages: the language may change while it is open. */
export async function loadViewerTexts(): Promise<void> {
  const [fr, en] = await Promise.all([import('./fr/viewer.ts'), import('./en/viewer.ts')]);
  add('fr', 'viewer', fr.viewer);
  add('en', 'viewer', en.viewer);
}

/** `54 ans`, `7 mois`; empty when the birth date is not known. */
export function useAge(): (birthDate: string | null | undefined, on?: string | null) => string {
  const t = useText('common');
  return (birthDate, on) => {
    const age = ageAt(birthDate, on ?? today());
    if (age === undefined) return '';
    return t(age.unit === 'years' ? 'ageYears' : age.unit === 'months' ? 'ageMonths' : 'ageDays', { count: age.count });
  };
}
