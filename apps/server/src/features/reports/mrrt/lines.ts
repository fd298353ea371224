import type { ReportSection } from '@negatoscope/contract';
import { REPORT_SECTIONS } from '@negatoscope/contract';

/** Plain text as it comes, in lines of our sections. */
export class Lines {
  readonly #done: Record<ReportSection, string[]> = { history: [], technique: [], comparison: [], findings: [], impression: [] };
  #line = '';

  /** Words of the line that is being written; ends of lines of HTML are spaces. */
  write(text: string): void {
    this.#line += text;
  }
  /** Ends the line in the section that it is of. */
  end(section: ReportSection): void {
    const line = this.#line.replaceAll(/[ \t\r\n\f\u00a0]+/g, ' ').trim();
    this.#line = '';
    if (line !== '' && line !== '-') this.#done[section].push(line);
  }
  /** A line of its own. */
  say(section: ReportSection, line: string): void {
    this.#line = line;
    this.end(section);
  }
  get sections(): Record<ReportSection, string> {
    const entries = REPORT_SECTIONS.map((name) => [name, this.#done[name].join('\n')] as const);
    return { history: '', technique: '', comparison: '', findings: '', impression: '', ...Object.fromEntries(entries) };
  }
}
