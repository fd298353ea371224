import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { strings as enFirst } from './en/index.ts';
import { landing as enLanding } from './en/landing.ts';
import { recipient as enRecipient } from './en/recipient.ts';
import { viewer as enViewer } from './en/viewer.ts';
import { strings as frFirst } from './fr/index.ts';
import { landing as frLanding } from './fr/landing.ts';
import { recipient as frRecipient } from './fr/recipient.ts';
import { viewer as frViewer } from './fr/viewer.ts';
import { inFrench } from './typography.ts';

const en = { ...enFirst, landing: enLanding, recipient: enRecipient, viewer: enViewer };
const fr = { ...frFirst, landing: frLanding, recipient: frRecipient, viewer: frViewer };
const flat = (strings: object, path = ''): [string, string][] =>
  Object.entries(strings).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? flat(value, `${path}${key}.`) : [[`${path}${key}`, String(value)]],
  );
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '').sort();

describe('translations', () => {
  const english = new Map(flat(en));
  it('exist in both languages under the same keys', () => {
    expect([...english.keys()]).toEqual(flat(fr).map(([key]) => key));
  });
  it('are never empty and carry the same values in both languages', () => {
    for (const [key, text] of flat(fr)) {
      expect(text.trim(), key).not.toBe('');
      expect(english.get(key)?.trim(), key).not.toBe('');
      expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text));
    }
  });
  it('speak quietly: no exclamation marks, typographic apostrophes', () => {
    for (const [key, text] of [...flat(fr), ...english]) expect(text, key).not.toMatch(/[!']/);
  });
  it.each(['fr', 'en'] as const)(
    'give each plural every form that the language counts by, whole millions included (%s)',
    async (locale) => {
      const translate = i18next.createInstance();
      await translate.init({ lng: locale, fallbackLng: false, resources: { fr: inFrench(fr), en } });
      const counted = [...flat(fr), ...english].map(([key]) => key).filter((key) => /_(?:one|many|other)$/.test(key));
      const plurals = [...new Set(counted.map((key) => key.replace(/_(?:one|many|other)$/, '')))];
      expect(plurals.length).toBeGreaterThan(60);
      for (const plural of plurals)
        for (const count of [0, 1, 2, 12_345, 1_000_000, 3_000_000]) {
          const said = translate.t(plural.replace('.', ':'), { count });
          expect(said, `${plural} of ${count}`).not.toBe(plural.slice(plural.indexOf('.') + 1));
        }
    },
  );
  it('count by a French plural only where the language chooses it: none and one are singular', () => {
    // Never of none or one: a bound that the house has set, or what is told of several only.
    const several = new Set([
      ...[
        'access.unused',
        'access.none_unusedText',
        'archives.foundMore',
        'deid.previewMore',
        'deidWhere.tooMuch',
        'emergency.lead',
      ],
      ...[
        'journal.rule_MASS_EXPORT',
        'journal.rule_NIGHT',
        'journal.rule_DENIED',
        'people.lastSeenLONG_AGO',
        'profile.tokenDays',
      ],
      ...['shares.days', 'shares.whatMost', 'statistics.years', 'statistics.driftFew', 'activity.pace'],
      ...['viewer.mpr.refused.orientations', 'viewer.mpr.refused.framesOfReference', 'viewer.mpr.refused.missingPlaces'],
      ...['viewer.patients.several', 'viewer.pane.heldText', 'predictions.ownThreshold', 'predictions.recalibrationLead'],
      ...['statistics.verdictText_TOO_FEW', 'statistics.driftMeasures'],
      // Up to so many images at one position are at least two.
      'viewer.mpr.refused.samePosition_one',
      // No numbers of things: bytes with their unit, per cent.
      ...['activity.diskFree', 'activity.diskUsed', 'dashboard.diskFree', 'imports.announced'],
    ]);
    const plural = /\{\{\w+(?:, number)?\}\} (?!(?:sur|dans|sans|pas|cas|fois|mois|ms|refus)\b)\p{L}+s(?!\p{L})/u;
    const own = flat(fr).filter(([key, text]) => plural.test(text) && !/_(?:other|many)$/.test(key) && !several.has(key));
    expect(own.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });
  it('say how many in a French singular, which is that of none as well', () => {
    // Never counted of none: nothing is said then.
    const atLeastOne = new Set([
      ...['admin.jobRuns_one', 'admin.backupDamaged_one', 'admin.orthancHeld_one', 'admin.orthancAttempts_one'],
      ...[
        'archives.sending_one',
        'imports.whoseOwner_one',
        'nodes.times_one',
        'patients.damagedText_one',
        'patients.samePerson_one',
        'people.waitingText_one',
      ],
    ]);
    const silent = flat(fr).filter(([key, text]) => key.endsWith('_one') && !text.includes('{{count') && !atLeastOne.has(key));
    expect(silent).toEqual([]);
  });
  it('count nobody and one alike in French, and apart in English', async () => {
    const translate = i18next.createInstance();
    await translate.init({ lng: 'fr', fallbackLng: false, resources: { fr: inFrench(fr), en } });
    const said = [0, 1, 2, 1_000_000].map((count) => translate.t('common:total', { count }).replaceAll(/[\u00a0\u202f]/g, ' '));
    expect(said).toEqual(['0 résultat', '1 résultat', '2 résultats', '1 000 000 résultats']);
    const files = [0, 1, 2].map((count) => translate.t('imports:scanning', { count }).replaceAll('\u00a0', ' '));
    expect(files).toEqual(['0 fichier', '1 fichier', '2 fichiers'].map((of) => `Lecture du dossier : ${of}`));
    await translate.changeLanguage('en');
    expect([0, 1, 2, 1_000_000].map((count) => translate.t('common:total', { count }))).toEqual([
      ...['0 results', '1 result', '2 results', '1,000,000 results'],
    ]);
  });
});
