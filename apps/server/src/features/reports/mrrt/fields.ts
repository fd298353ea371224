type Attributes = ReadonlyMap<string, string>;

const MOST_CHOICES = 30;
const MOST_LETTERS = 400;

/** Where something is to be filled in. */
const blank = (what: string | undefined): string => `[${(what ?? '').replaceAll(/[[\]\s]+/g, ' ').trim() || '…'}]`;
const saidOf = (attributes: Attributes): string | undefined =>
  attributes.get('placeholder') ?? (attributes.get('data-field-merge-flag') === 'true' ? attributes.get('name') : undefined);

const NOT_SHOWN = new Set(['hidden', 'submit', 'button', 'reset', 'image', 'file', 'password']);

/** An input as text: what it holds, or where it is filled in, with its unit; undefined for what shows nothing. */
export function inputText(attributes: Attributes): string | undefined {
  const type = attributes.get('type')?.toLowerCase() ?? 'text';
  if (NOT_SHOWN.has(type)) return undefined;
  const value = attributes.get('value')?.trim() ?? '';
  if (type === 'checkbox' || type === 'radio') return attributes.has('checked') ? '[x]' : '[ ]';
  const unit = attributes.get('data-field-units');
  const shown = value !== '' ? value : blank(saidOf(attributes));
  return unit === undefined || unit.trim() === '' ? shown : `${shown} ${unit.trim()}`;
}

/** A field of several lines. */
export const areaText = (attributes: Attributes, text: string): string =>
  text.trim() === '' ? blank(saidOf(attributes)) : text.trim();

export interface Choice {
  readonly text: string;
  readonly isChosen: boolean;
}
/** A list to choose of: what is chosen of it, or all that may be. */
export function choiceText(choices: readonly Choice[]): string {
  const named = choices.map(({ text, isChosen }) => ({ text: text.replaceAll(/\s+/g, ' ').trim(), isChosen }));
  const chosen = named.filter(({ isChosen, text }) => isChosen && text !== '');
  if (chosen.length > 0) return chosen.map(({ text }) => text).join(', ');
  const offered = named.filter(({ text }) => text !== '').map(({ text }) => text.replaceAll(/[[\]|]+/g, ' '));
  const all = offered.slice(0, MOST_CHOICES).join(' | ');
  return all.length > MOST_LETTERS
    ? `[${all.slice(0, MOST_LETTERS)}…]`
    : blank(offered.length > MOST_CHOICES ? `${all} | …` : all);
}
