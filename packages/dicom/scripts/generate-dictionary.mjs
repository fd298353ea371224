// Writes src/dictionary/table.ts from a data dictionary in text form: lines of (gggg,eeee), VR, keyword, VM and source, separated by tabs.
import { readFileSync, writeFileSync } from 'node:fs';

const [, , input] = process.argv;
if (input === undefined) {
  console.error('usage: node scripts/generate-dictionary.mjs <data dictionary file>');
  process.exit(1);
}

const VRS = { ox: 'OX', px: 'OX', xs: 'XS', lt: 'XL', up: 'UL', na: '--' };
const REPEATING = { '5000-50FF': '5000', '6000-60FF': '6000' };
const groups = new Map();

for (const line of readFileSync(input, 'utf8').split('\n')) {
  const [tag = '', vr = '', keyword = '', vm = '', source = ''] = line.split('\t');
  const match = /^\(([0-9A-Fa-f]{4}|5000-50FF|6000-60FF),([0-9A-Fa-f]{4})\)$/.exec(tag);
  if (match === null || !source.startsWith('DICOM')) continue;
  const group = REPEATING[match[1]] ?? match[1].toUpperCase();
  if (group === '0000') continue;
  const elements = groups.get(group) ?? new Map();
  groups.set(group, elements);
  const element = match[2].toUpperCase();
  if (elements.has(element) && source !== 'DICOM') continue;
  const name = keyword.replace('RETIRED_', '').replace('ACR_NEMA_', '');
  elements.set(element, `${element}${VRS[vr] ?? vr}${vm === '1' ? '' : `${vm}:`}${name}`);
}

const tokens = [...groups.keys()].sort().flatMap((group) => {
  const elements = groups.get(group);
  return [`@${group}`, ...[...elements.keys()].sort().map((element) => elements.get(element))];
});
const lines = [];
for (const token of tokens) {
  const last = lines.at(-1);
  if (last !== undefined && last.length + 1 + token.length <= 128) lines[lines.length - 1] = `${last} ${token}`;
  else lines.push(token);
}

const target = new URL('../src/dictionary/table.ts', import.meta.url);
const header = readFileSync(target, 'utf8').split('export const')[0];
writeFileSync(target, `${header}export const DICTIONARY_TABLE = \`\n${lines.join('\n')}\n\`;\n`);
