import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dictated, listen, speechOf } from './speech.ts';

let made: Recognition[] = [];
let isBusy = false;
/** As the Web Speech API has it, where somebody speaks when the test does. */
class Recognition extends EventTarget {
  lang = '';
  continuous = false;
  interimResults = true;
  isStopped = false;
  constructor() {
    super();
    made.push(this);
  }
  start(): void {
    if (isBusy) throw new DOMException('It listens already.', 'InvalidStateError');
  }
  stop(): void {
    this.isStopped = true;
  }
  /** What the browser has understood of each part by now; those before `resultIndex` have not changed. */
  hear(resultIndex: number, ...parts: readonly (readonly [string, boolean])[]): void {
    const results = parts.map(([transcript, isFinal]) => ({ isFinal, 0: { transcript } }));
    this.dispatchEvent(Object.assign(new Event('result'), { resultIndex, results }));
  }
  end(error?: unknown): void {
    if (error !== undefined) this.dispatchEvent(Object.assign(new Event('error'), { error }));
    this.dispatchEvent(new Event('end'));
  }
}

beforeEach(() => {
  made = [];
  isBusy = false;
  vi.stubGlobal('window', { SpeechRecognition: Recognition });
});
afterEach(() => vi.unstubAllGlobals());

/** What is listened to, with what was heard of it. */
function heard(language: 'fr' | 'en' = 'fr') {
  const texts: string[] = [];
  const ends: (string | undefined)[] = [];
  const stop = listen(language, { onText: (text) => texts.push(text), onEnd: (reason) => ends.push(reason) });
  return { texts, ends, stop, recognition: made.at(-1) };
}

describe('dictation', () => {
  it('listens in the language of the text until it is ended, and gives what is certain alone', () => {
    expect([heard('fr').recognition?.lang, heard('en').recognition?.lang]).toEqual(['fr-FR', 'en-GB']);
    const { texts, ends, stop, recognition } = heard();
    expect(recognition).toMatchObject({ continuous: true, interimResults: false });
    recognition?.hear(0, ['pas de fract', false]);
    recognition?.hear(0, [' pas de fracture ', true], ['et', false]);
    recognition?.hear(1, ['pas de fracture', true], ['et stable', true]);
    recognition?.hear(2, ['pas de fracture', true], ['et stable', true], ['  ', true]);
    expect(texts).toEqual(['pas de fracture', 'et stable']);
    stop?.();
    expect([recognition?.isStopped, ends]).toEqual([true, []]);
    recognition?.end();
    expect(ends).toEqual([undefined]);
  });

  it('ends for the reason that the browser gives, one that it does not name too', () => {
    const { ends, recognition } = heard();
    recognition?.end('not-allowed');
    const other = heard();
    other.recognition?.end({ toString: () => '<b>' });
    expect([ends, other.ends]).toEqual([['not-allowed'], ['error']]);
  });

  it('that can’t begin has ended', () => {
    isBusy = true;
    const { ends, stop } = heard();
    expect([ends, stop]).toEqual([['error'], undefined]);
  });

  it('is not there where the browser has none, or something else of its name', () => {
    vi.stubGlobal('window', {});
    expect([heard().stop, heard().ends]).toEqual([undefined, []]);
    expect(speechOf({ SpeechRecognition: 'no' })).toBeUndefined();
    expect(speechOf({ webkitSpeechRecognition: Recognition })).toBe(Recognition);
  });
});

describe('what was understood', () => {
  it.each([
    ['', 'pas de fracture', 'Pas de fracture'],
    ['Poumons clairs.', 'pas de fracture', ' Pas de fracture'],
    ['Poumons clairs.\n', 'élargi', 'Élargi'],
    ['Poumons', 'clairs', ' clairs'],
    ['Poumons ', 'clairs', 'clairs'],
    ['Poumons (', 'droit', 'droit'],
    ['Poumons clairs', ', stables', ', stables'],
    ['Poumons clairs ', '  ', ''],
    ['Stable ? ', 'oui', 'Oui'],
    ['à ', 'œdème', 'œdème'],
    ['Fin! ', 'œdème', 'Œdème'],
    ['Норма.', 'без изменений', ' Без изменений'],
  ])('after “%s” is written as a sentence goes on: “%s” is “%s”', (before, said, written) => {
    expect(dictated(before, said)).toBe(written);
  });
});
