import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { given } from './given.ts';

export type Cell = string | number | null;
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function output(file: string, ...args: readonly string[]): string {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch {
    return '';
  }
}

const firstLine = (text: string): string => text.split('\n')[0]?.trim() ?? '';
const load = (): string =>
  os
    .loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');

function machine() {
  return {
    processor: os.cpus()[0]?.model ?? '',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    orthanc: firstLine(output('Orthanc', '--version')),
    chromium: firstLine(output('chromium', '--version')),
    commit: firstLine(output('git', '-C', given('BENCH_DIR'), 'rev-parse', '--short', 'HEAD')),
  };
}

const shown = (cell: Cell): string => {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return Math.abs(cell) >= 100 || Number.isInteger(cell) ? String(Math.round(cell)) : cell.toFixed(Math.abs(cell) < 10 ? 2 : 1);
};

export function asMarkdown({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows.map((row) => row.map(shown))];
  const widths = columns.map((_, at) => Math.max(3, ...lines.map((line) => (line[at] ?? '').length)));
  const text = (line: readonly string[]): string =>
    `| ${widths.map((width, at) => (at === 0 ? (line[at] ?? '').padEnd(width) : (line[at] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [`### ${title}`, '', text(columns), rule, ...lines.slice(1).map(text), ''].join('\n');
}

/** The tables of one bench: printed as they are made, saved as bench/results/<name>.json (a quick run's beside it, not for keeping). */
export class Results {
  readonly #tables: Table[] = [];
  readonly #notes: string[] = [];
  readonly #started = new Date();
  readonly #loadBefore = load();
  readonly #name: string;
  readonly #quick: boolean;

  constructor(name: string, quick: boolean) {
    this.#name = name;
    this.#quick = quick;
    console.log(`\n## ${name}${quick ? ' (quick: figures say nothing)' : ''}, load ${this.#loadBefore}\n`);
  }

  add(table: Table): void {
    this.#tables.push(table);
    console.log(asMarkdown(table));
  }

  note(text: string): void {
    this.#notes.push(text);
    console.log(`- ${text}`);
  }

  save(): void {
    const folder = path.join(given('BENCH_DIR'), 'results');
    mkdirSync(folder, { recursive: true });
    const seconds = Math.round((Date.now() - this.#started.getTime()) / 1000);
    const result = {
      bench: this.#name,
      quick: this.#quick,
      date: this.#started.toISOString(),
      seconds,
      machine: machine(),
      load: { before: this.#loadBefore, after: load() },
      tables: this.#tables,
      notes: this.#notes,
    };
    const file = path.join(folder, `${this.#name}${this.#quick ? '.local' : ''}.json`);
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`\n${this.#name}: ${seconds} s, load ${result.load.before} before and ${result.load.after} after`);
  }
}
