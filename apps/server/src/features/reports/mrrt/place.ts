import type { ReportSection } from '@negatoscope/contract';
import { sectionNamed } from './section-names.ts';

interface Level {
  readonly section: ReportSection;
  /** Whether it has said how it is called. */
  isNamed: boolean;
}

/** In which of our sections one is, as those of the template open and close. Whatever is of none is a finding. */
export class Place {
  readonly #levels: Level[] = [];

  get section(): ReportSection {
    return this.#levels.at(-1)?.section ?? 'findings';
  }
  begin(name: string | undefined): { readonly heading: string | undefined } {
    this.#levels.push({ section: this.section, isNamed: false });
    return { heading: name === undefined ? undefined : this.name(name) };
  }
  end(): void {
    this.#levels.pop();
  }
  /** What the section is called, the first time that it says so; gives what is written above its text, where it is none of ours. */
  name(said: string): string | undefined {
    const name = said.replaceAll(/\s+/g, ' ').trim();
    const level = this.#levels.at(-1);
    if (level === undefined || level.isNamed || name === '') return undefined;
    const ours = sectionNamed(name);
    // Within findings a “description” or an “imaging” is a heading.
    const isOurs = ours !== undefined && (this.#levels.length === 1 || ours === 'impression');
    this.#levels[this.#levels.length - 1] = { section: isOurs ? ours : level.section, isNamed: true };
    return isOurs ? undefined : `${name} :`;
  }
}
