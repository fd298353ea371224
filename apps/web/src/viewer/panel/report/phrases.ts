import type { ReportDraft } from '@negatoscope/contract';

type Phrases = Readonly<Record<string, string>>;

/** What abbreviations stand for: a point, letters, and a space or a new line after them. */
const FR: Phrases = {
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
const EN: Phrases = {
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
const phrasesIn = (language: ReportDraft['language']): Phrases => (language === 'fr' ? FR : EN);

export interface Typed {
  readonly text: string;
  /** Where the cursor stands. */
  readonly at: number;
}

/** What was just typed, with an abbreviation before the cursor written out. */
export function expanded({ text, at }: Typed, language: ReportDraft['language']): Typed {
  const found = /(?:^|[\s(])\.([a-z]{1,12})([ \n])$/.exec(text.slice(0, at));
  const phrase = found?.[1] === undefined ? undefined : phrasesIn(language)[found[1]];
  if (found?.[1] === undefined || phrase === undefined) return { text, at };
  const from = at - found[1].length - 2;
  const said = `${phrase}${found[2] ?? ''}`;
  return { text: text.slice(0, from) + said + text.slice(at), at: from + said.length };
}

export const phrasesOf = (language: ReportDraft['language']): (readonly [string, string])[] =>
  Object.entries(phrasesIn(language));
