import { setImmediate } from 'node:timers/promises';
import { Token, Tokenizer, TokenizerMode } from 'parse5';
import { Failure } from '../../../kernel/failure.ts';

/** What stands in a text of HTML, one after the other: no tree is made of it. */
export interface HtmlHandler {
  open(tag: string, attributes: ReadonlyMap<string, string>): void;
  close(tag: string): void;
  text(text: string): void;
}

const MOST_DEEP = 64;
const MOST_ATTRIBUTES = 100;
/** So much is read before what came of it is looked at: an element's attributes are compared with each other. Others wait for the same thread meanwhile. */
const CHUNK = 4_096;

const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'frame',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);
/** What ends where another of it begins (HTML, 13.1.2.4). */
const ENDS_ITSELF = new Set(['p', 'li', 'option', 'tr', 'td', 'th', 'dt', 'dd']);
const { SCRIPT_DATA, RAWTEXT, RCDATA } = TokenizerMode;
/** Whose content is no HTML (HTML, 13.2.6.4). */
const MODES = new Map<string, typeof SCRIPT_DATA | typeof RAWTEXT | typeof RCDATA>([
  ...[['script', SCRIPT_DATA] as const, ['textarea', RCDATA] as const, ['title', RCDATA] as const],
  ...['style', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript'].map((tag) => [tag, RAWTEXT] as const),
]);

class Reader extends Tokenizer {
  /** Of the tag that is being read; one that closes an element may have them too. */
  get attributesNow(): number {
    const tag = this.currentToken;
    return tag?.type === Token.TokenType.START_TAG || tag?.type === Token.TokenType.END_TAG ? tag.attrs.length : 0;
  }
}

/** Which elements are open. */
class Open {
  readonly #tags: string[] = [];
  readonly #handler: HtmlHandler;
  constructor(handler: HtmlHandler) {
    this.#handler = handler;
  }
  begin({ tagName, attrs }: Token.TagToken): void {
    if (ENDS_ITSELF.has(tagName) && this.#tags.at(-1) === tagName) this.#end();
    this.#handler.open(tagName, new Map(attrs.map(({ name, value }) => [name, value])));
    if (VOID.has(tagName)) return;
    if (this.#tags.length >= MOST_DEEP) throw new Failure('TEMPLATE_TOO_DEEP');
    this.#tags.push(tagName);
  }
  #end(): void {
    const tag = this.#tags.pop();
    if (tag !== undefined) this.#handler.close(tag);
  }
  /** Ends an element, and what is open within it; nothing where none is. */
  close(tag: string): void {
    this.endFrom(this.#tags.lastIndexOf(tag));
  }
  endFrom(at: number): void {
    while (at >= 0 && this.#tags.length > at) this.#end();
  }
}

function readerOf(handler: HtmlHandler): Reader {
  const open = new Open(handler);
  const text = ({ chars }: Token.CharacterToken): void => handler.text(chars);
  const nothing = (): void => undefined;
  const reader: Reader = new Reader(
    {},
    {
      ...{ onCharacter: text, onWhitespaceCharacter: text, onComment: nothing, onDoctype: nothing, onNullCharacter: nothing },
      onStartTag: (token) => {
        open.begin(token);
        const mode = MODES.get(token.tagName);
        if (mode !== undefined) reader.state = mode;
      },
      onEndTag: ({ tagName }) => open.close(tagName),
      onEof: () => open.endFrom(0),
    },
  );
  return reader;
}

/** Reads HTML in a time of its length, whatever is in it: nothing is run, fetched or nested. Fails with TEMPLATE_TOO_DEEP beyond 64 elements in each other, or 100 attributes. */
export async function readHtml(html: string, handler: HtmlHandler): Promise<void> {
  const reader = readerOf(handler);
  for (let at = 0; at < html.length; at += CHUNK) {
    reader.write(html.slice(at, at + CHUNK), false);
    if (reader.attributesNow > MOST_ATTRIBUTES) throw new Failure('TEMPLATE_TOO_DEEP');
    await setImmediate();
  }
  reader.write('', true);
}
