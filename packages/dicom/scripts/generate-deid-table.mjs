// Writes src/deid/table-data.ts from Table E.1-1 of PS3.15 as text: tag, name, in a standard IOD, basic profile and the columns of the options.
import { readFileSync, writeFileSync } from 'node:fs';

const [, , input] = process.argv;
if (input === undefined) {
  console.error('usage: node scripts/generate-deid-table.mjs <table of PS3.15 E.1-1, tabs between columns>');
  process.exit(1);
}

/** A letter for each column of an option, in their order. */
const COLUMNS = 'PUDICFMTSG';
const tokens = [];
// A name that is broken over lines carries on with its note.
const text = readFileSync(input, 'utf8').replaceAll(/\n+\(see Note \d+\)/g, '');
for (const line of text.split('\n').slice(1)) {
  const [tag = '', , , basic = '', ...options] = line.split('\t');
  const match = /^\(([0-9A-FX]{4}),([0-9A-FX]{4})\)/.exec(tag.toUpperCase());
  if (match === null || match[1] === 'GGGG') continue;
  const codes = [...COLUMNS].flatMap((letter, at) => ((options[at] ?? '').trim() === '' ? [] : [letter + options[at].trim()]));
  tokens.push(`${match[1]}${match[2]}:${basic.trim()}${codes.length === 0 ? '' : `:${codes.join(',')}`}`);
}
const lines = [];
for (const token of tokens.sort()) {
  const last = lines.at(-1);
  if (last !== undefined && last.length + 1 + token.length <= 128) lines[lines.length - 1] = `${last} ${token}`;
  else lines.push(token);
}
const header = `/**
 * Table E.1-1 of PS3.15 (2024), written by \`node scripts/generate-deid-table.mjs <table>\`; the row of private attributes is in ./private.ts.
 * \`tag:basic profile[:options]\`; an option is its letter and its code: P safe private, U UIDs, D device, I institution, C patient
 * characteristics, F full dates, M modified dates, T descriptors, S structured content, G graphics. X in a tag is any digit.
 */
`;
const target = new URL('../src/deid/table-data.ts', import.meta.url);
writeFileSync(target, `${header}export const TABLE_DATA = \`\n${lines.join('\n')}\n\`;\n`);
console.log(`${tokens.length} rows`);
