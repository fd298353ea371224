/** Of the Web Speech API, which TypeScript's own types lack, what is used here. */
interface Heard {
  readonly isFinal: boolean;
  readonly 0?: { readonly transcript: string };
}
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  stop(): void;
  abort(): void;
}
type RecognitionMaker = new () => Recognition;

/** The browser's speech recognition; undefined where it has none. */
export function speechOf(of: object = window): RecognitionMaker | undefined {
  const named: unknown = Reflect.get(of, 'SpeechRecognition') ?? Reflect.get(of, 'webkitSpeechRecognition');
  return typeof named === 'function' ? (named as RecognitionMaker) : undefined; // As the Web Speech API says.
}

export interface Listening {
  /** What was understood, as text to be put where the cursor stands. */
  readonly onText: (text: string) => void;
  /** It ended: by itself, or for the reason that the browser gives. */
  readonly onEnd: (reason: string | undefined) => void;
}

/** Listens until it is ended. */
export function listen(language: 'fr' | 'en', { onText, onEnd }: Listening): (() => void) | undefined {
  const Maker = speechOf();
  if (Maker === undefined) return undefined;
  const recognition = new Maker();
  recognition.lang = language === 'fr' ? 'fr-FR' : 'en-GB';
  recognition.continuous = true;
  recognition.interimResults = false;
  let reason: string | undefined;
  recognition.addEventListener('result', (event) => {
    const { resultIndex, results } = event as unknown as { resultIndex: number; results: ArrayLike<Heard> }; // As the Web Speech API says.
    // Put at once: what is put after it stands upon what the field says by then.
    const heard = Array.from(results)
      .slice(resultIndex)
      .filter(({ isFinal }) => isFinal);
    const said = heard.map((one) => one[0]?.transcript.trim() ?? '').join(' ');
    if (said !== '') onText(said);
  });
  recognition.addEventListener('error', (event) => {
    const said: unknown = Reflect.get(event, 'error');
    reason = typeof said === 'string' ? said : 'error';
  });
  recognition.addEventListener('end', () => onEnd(reason));
  try {
    recognition.start();
  } catch {
    onEnd('error');
    return undefined;
  }
  return () => recognition.stop();
}

/** Dictated words where the cursor stands: apart from what stands before, and with a capital where a sentence begins. */
export function dictated(before: string, said: string): string {
  const words = said.trim();
  if (words === '') return '';
  const begins = /(^|[.!?\n])\s*$/.test(before);
  const apart = before === '' || /[\s(]$/.test(before) || /^[,.;:!?)]/.test(words) ? '' : ' ';
  return apart + (begins ? words.charAt(0).toLocaleUpperCase() + words.slice(1) : words);
}
