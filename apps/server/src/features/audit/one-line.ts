import { UNSEEN } from '@negatoscope/contract';

/** Ends of lines, other controls, what turns the direction of a text round, and what is not seen. */
const HIDDEN = new RegExp(`[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}${UNSEEN}]+`, 'gu');
/** A name is an hour of typing at most. */
const MOST = 300;

/**
 * A name as one line of a journal, wherever that is read: whoever gives themselves a name (or has it from an identity provider) writes no second line, and turns no letter of ours round. Letters of all scripts
 * stay.
 */
export const oneLine = (name: string): string => {
  const line = name.replaceAll(HIDDEN, ' ').trim();
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
};

/** JSON as one line in ASCII's order: what is hidden is written by its number. */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(HIDDEN, (run) =>
    [...Array(run.length).keys()].map((at) => `\\u${run.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
