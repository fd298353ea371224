import type { ReportDraft, ReportPhrase } from '@negatoscope/contract';

type Texts = Readonly<Record<string, string>>;

/** What abbreviations stand for: a point, letters, and a space, a new line or Tab after them. */
const FR: Texts = {
  tn: 'Radiographie thoracique normale.',
  po: 'Pas d’opacité focale.',
  pe: 'Pas d’épanchement pleural.',
  pp: 'Pas de pneumothorax.',
  pf: 'Pas de fracture visible.',
  ad: 'Pas d’adénopathie.',
  st: 'Stable par rapport à l’examen antérieur.',
  tb: 'Aspect compatible avec une tuberculose pulmonaire ; examen bactériologique à demander.',
  ct: 'Contrôle conseillé.',
};
const EN: Texts = {
  tn: 'Normal chest radiograph.',
  po: 'No focal opacity.',
  pe: 'No pleural effusion.',
  pp: 'No pneumothorax.',
  pf: 'No fracture seen.',
  ad: 'No lymphadenopathy.',
  st: 'Unchanged from the prior examination.',
  tb: 'Appearances compatible with pulmonary tuberculosis; bacteriological examination advised.',
  ct: 'Follow-up advised.',
};

/** What abbreviations stand for, by their letters. */
export type Phrases = ReadonlyMap<string, string>;

/** One’s own before those of the site, of the installation, and ours: `kept` comes in that order. */
export const phrasesOf = (language: ReportDraft['language'], kept: readonly ReportPhrase[]): Phrases =>
  new Map([
    ...Object.entries(language === 'fr' ? FR : EN),
    ...kept
      .filter((one) => one.language === language)
      .toReversed()
      .map(({ short, text }) => [short, text] as const),
  ]);

export interface Typed {
  readonly text: string;
  /** Where the cursor stands. */
  readonly at: number;
}

const ABBREVIATION = String.raw`(?:^|[\s(])\.(\p{L}[\p{L}\p{N}-]{0,15})`;
const BEFORE_SPACE = new RegExp(`${ABBREVIATION}([ \\n])$`, 'u');
const BEFORE_CURSOR = new RegExp(`${ABBREVIATION}()$`, 'u');

function writtenOut({ text, at }: Typed, phrases: Phrases, pattern: RegExp): Typed | undefined {
  const [, short = '', after = ''] = pattern.exec(text.slice(0, at)) ?? [];
  const phrase = phrases.get(short.toLowerCase());
  if (phrase === undefined) return undefined;
  const from = at - short.length - after.length - 1;
  const said = phrase + after;
  return { text: text.slice(0, from) + said + text.slice(at), at: from + said.length };
}

/** What was just typed, with an abbreviation before the space or new line at the cursor written out. */
export const expanded = (typed: Typed, phrases: Phrases): Typed => writtenOut(typed, phrases, BEFORE_SPACE) ?? typed;

/** The same of an abbreviation that stands right before the cursor, for a key that writes nothing; undefined where none does. */
export const expandedByKey = (typed: Typed, phrases: Phrases): Typed | undefined => writtenOut(typed, phrases, BEFORE_CURSOR);
