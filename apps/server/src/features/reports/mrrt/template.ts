import type { LeftOut, ReadReportTemplate } from '@negatoscope/contract';
import { About } from './about.ts';
import type { HtmlHandler } from './events.ts';
import { areaText, type Choice, choiceText, inputText } from './fields.ts';
import { isLeftOutWhole, leftOutOf } from './left-out.ts';
import { Lines } from './lines.ts';
import { Place } from './place.ts';

type Attributes = ReadonlyMap<string, string>;

/** Elements that begin and end a line. */
const BLOCKS = new Set([
  ...[
    'p',
    'div',
    'section',
    'article',
    'header',
    'footer',
    'main',
    'ul',
    'ol',
    'li',
    'dl',
    'dt',
    'dd',
    'table',
    'tr',
    'fieldset',
  ],
  ...['legend', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'blockquote', 'hr', 'br', 'body'],
]);

/** Whatever one element says by itself before it ends: a heading, a list to choose of, a field of several lines. */
interface Gathering {
  readonly tag: string;
  readonly attributes: Attributes;
  text: string;
  choices: Choice[];
}

/** A template as it is read. */
export class Template implements HtmlHandler {
  readonly #about = new About();
  readonly #lines = new Lines();
  readonly #place = new Place();
  readonly #leftOut = new Set<LeftOut>();
  readonly #skipped: string[] = [];
  #gathering: Gathering | undefined;
  hasSections = false;

  open(tag: string, attributes: Attributes): void {
    this.#about.open(tag, attributes);
    for (const left of leftOutOf(tag, attributes)) this.#leftOut.add(left);
    if (isLeftOutWhole(tag) || tag === 'title') this.#skipped.push(tag);
    if (this.#skipped.length > 0 || this.#opensWithin(tag, attributes)) return;
    if (BLOCKS.has(tag)) this.#lines.end(this.#place.section);
    if (tag === 'section') this.#begin(attributes);
    else if (tag === 'header' || tag === 'select' || tag === 'textarea')
      this.#gathering = { tag, attributes, text: '', choices: [] };
    else if (tag === 'input') this.#lines.write(` ${inputText(attributes) ?? ''} `);
    else if (tag === 'li') this.#lines.write('- ');
    else if (tag === 'td' || tag === 'th') this.#lines.write(' ');
  }

  /** What opens within a heading or a list to choose of. */
  #opensWithin(tag: string, attributes: Attributes): boolean {
    if (this.#gathering === undefined) return false;
    if (tag === 'option') this.#gathering.choices.push({ text: '', isChosen: attributes.has('selected') });
    return true;
  }

  #begin(attributes: Attributes): void {
    this.hasSections = true;
    const { heading } = this.#place.begin(attributes.get('data-section-name'));
    if (heading !== undefined) this.#lines.say(this.#place.section, heading);
  }

  close(tag: string): void {
    if (this.#skipped.at(-1) === tag) {
      this.#skipped.pop();
      return;
    }
    if (this.#skipped.length > 0) return;
    if (this.#gathering !== undefined) {
      if (this.#gathering.tag === tag) this.#gathered(this.#gathering);
      return;
    }
    if (BLOCKS.has(tag)) this.#lines.end(this.#place.section);
    if (tag === 'section') this.#place.end();
  }

  #gathered({ tag, attributes, text, choices }: Gathering): void {
    this.#gathering = undefined;
    if (tag === 'textarea') this.#lines.write(` ${areaText(attributes, text)} `);
    if (tag === 'select') this.#lines.write(` ${choiceText(choices)} `);
    const heading = tag === 'header' ? this.#place.name(text) : undefined;
    if (heading !== undefined) this.#lines.say(this.#place.section, heading);
  }

  text(text: string): void {
    if (this.#skipped.at(-1) === 'title') this.#about.title(text);
    if (this.#skipped.length > 0) return;
    const gathering = this.#gathering;
    if (gathering === undefined) {
      this.#lines.write(text);
      return;
    }
    const last = gathering.choices.at(-1);
    if (last === undefined) gathering.text += text;
    else gathering.choices[gathering.choices.length - 1] = { ...last, text: last.text + text };
  }

  read(): ReadReportTemplate {
    this.#lines.end(this.#place.section);
    const { name, language } = this.#about;
    return { name, language, sections: this.#lines.sections, leftOut: [...this.#leftOut].sort() };
  }
}
