// Figures of the structure: `node scripts/figures.mjs [--list]`. What each may be at most stands in WANTED; with --list, what is over it is named.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vite';
import { root } from './lib.mjs';

const SOURCES = [
  'packages/dicom/src',
  'packages/dimse/src',
  'packages/contract/src',
  'packages/testkit/src',
  'apps/server/src',
  'apps/web/src',
];
/** Rooms from below to above, by the beginning of their path; what no line names stands above all of its workspace. */
const FLOORS = [
  [['apps/server/src/kernel/'], 0],
  [['apps/server/src/config/', 'apps/server/src/platform/'], 1],
  [['apps/server/src/access/'], 2],
  [['apps/server/src/archive/'], 3],
  [['apps/server/src/features/', 'apps/server/src/http/'], 4],
  [['apps/web/src/api/', 'apps/web/src/i18n/', 'apps/web/src/routing/'], 0],
  [['apps/web/src/ui/'], 1],
  [['apps/web/src/entities/'], 2],
  [['apps/web/src/viewer/'], 3],
  [['apps/web/src/features/'], 4],
];
const WANTED = {
  'file, median lines': 65,
  'file, p90 lines': 165,
  'file, most lines': 300,
  'function, p90 lines': 25,
  'functions over 40 lines': 0,
  'as and ! a thousand lines': 2,
  'plain Error, % of throws': 1,
  cycles: 0,
  'upward imports': 0,
};

/** Lines of tests for each line of source, at least; tables of data are neither. What `e2e/` proves of the page is not counted. */
const TESTED = [
  { name: 'tests/source, packages/dimse', source: 'packages/dimse/src', tests: ['packages/dimse'], wanted: 1 },
  { name: 'tests/source, packages/dicom', source: 'packages/dicom/src', tests: ['packages/dicom'], wanted: 1 },
  { name: 'tests/source, server', source: 'apps/server/src', tests: ['apps/server/src', 'apps/server/test'], wanted: 0.7 },
  { name: 'tests/source, web', source: 'apps/web/src', tests: ['apps/web/src'], wanted: 0.4 },
];
const isTest = (name) =>
  /\.(ts|tsx)$/.test(name) &&
  !/\.(gen|d)\.ts$/.test(name) &&
  (/\.test\.tsx?$|[.-]fixture\.tsx?$/.test(name) || /\/test\//.test(name));
const isTable = (name) => name.endsWith('/dictionary/table.ts');

const isSource = (name) =>
  /\.(ts|tsx)$/.test(name) && !/\.(test|fixture)\.tsx?$|-fixture\.ts$|\.d\.ts$|\.gen\.ts$|\/test\//.test(name);

function filesOf(folder, isWanted = isSource) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((name) => isWanted(name) && !/(^|\/)node_modules\//.test(name));
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const isConst = ({ typeAnnotation }) => typeAnnotation?.typeName?.name === 'const';

/** What one file adds to the figures. Lines count from 1. */
function read(file) {
  const text = readFileSync(path.join(root, file), 'utf8');
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineAt = (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  const found = { file, lines: starts.length - 1, functions: [], casts: [], throws: 0, plainThrows: [], imports: [] };
  const at = (node) => `${file}:${lineAt(node.start)}`;
  const visit = (node) => {
    if (Array.isArray(node)) return void node.forEach(visit);
    if (node === null || typeof node !== 'object') return;
    if (FUNCTIONS.has(node.type)) found.functions.push({ at: at(node), lines: lineAt(node.end) - lineAt(node.start) + 1 });
    if (node.type === 'TSNonNullExpression' || (node.type === 'TSAsExpression' && !isConst(node))) found.casts.push(at(node));
    if (node.type === 'ThrowStatement') {
      found.throws += 1;
      if (node.argument?.type === 'NewExpression' && node.argument.callee?.name === 'Error') found.plainThrows.push(at(node));
    }
    if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && node.source?.value.startsWith('.'))
      found.imports.push({ from: node.source.value, isType: (node.importKind ?? node.exportKind) === 'type' });
    for (const [key, value] of Object.entries(node)) if (key !== 'parent') visit(value);
  };
  visit(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
  return found;
}

const floorOf = (file) => FLOORS.find(([places]) => places.some((place) => file.startsWith(place)))?.[1] ?? 5;

function resolveImport(file, from, known) {
  const target = path.posix.join(path.posix.dirname(file), from);
  return [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((name) => known.has(name));
}

/** Circles of files that import each other, types included (Tarjan's strongly connected components). */
function cyclesOf(graph) {
  const [indexOf, lowOf, stack, circles] = [new Map(), new Map(), [], []];
  const visit = (file) => {
    indexOf.set(file, indexOf.size);
    lowOf.set(file, indexOf.get(file));
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!indexOf.has(next)) {
        visit(next);
        lowOf.set(file, Math.min(lowOf.get(file), lowOf.get(next)));
      } else if (stack.includes(next)) lowOf.set(file, Math.min(lowOf.get(file), indexOf.get(next)));
    }
    if (lowOf.get(file) !== indexOf.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) circles.push(circle);
  };
  for (const file of graph.keys()) if (!indexOf.has(file)) visit(file);
  return circles;
}

const files = SOURCES.flatMap((folder) => filesOf(folder)).map(read);
const known = new Set(files.map(({ file }) => file));
const graph = new Map(
  files.map(({ file, imports }) => [
    file,
    [...new Set(imports.map(({ from }) => resolveImport(file, from, known)).filter(Boolean))],
  ]),
);
const upward = [...graph].flatMap(([file, targets]) =>
  targets.filter((target) => floorOf(target) > floorOf(file)).map((target) => `${file} → ${target}`),
);
const sum = (pick) => files.reduce((total, file) => total + pick(file), 0);
const functions = files.flatMap((file) => file.functions);
const lines = sum((file) => file.lines);
/** Lines of a table of data are no code that anybody reads through. */
const fileLines = files.filter(({ file }) => !isTable(file)).map((file) => file.lines);
const cycles = cyclesOf(graph);
const casts = files.flatMap((file) => file.casts);
const plain = files.flatMap((file) => file.plainThrows);
const long = functions.filter((one) => one.lines > 40).sort((a, b) => b.lines - a.lines);
const figures = {
  files: files.length,
  lines,
  'file, median lines': quantile(fileLines, 0.5),
  'file, p90 lines': quantile(fileLines, 0.9),
  'file, most lines': Math.max(...fileLines),
  'function, p90 lines': quantile(
    functions.map((one) => one.lines),
    0.9,
  ),
  'functions over 40 lines': long.length,
  'as and ! a thousand lines': (1000 * casts.length) / lines,
  'plain Error, % of throws': (100 * plain.length) / sum((file) => file.throws),
  cycles: cycles.length,
  'upward imports': upward.length,
};
for (const [name, value] of Object.entries(figures)) {
  const most = WANTED[name];
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(2);
  console.log(
    `${name.padEnd(28)}${shown.padStart(8)}${most === undefined ? '' : `   wanted: ≤ ${most}${value > most ? '   OVER' : ''}`}`,
  );
}
const linesOf = (names) =>
  names.reduce((total, name) => total + readFileSync(path.join(root, name), 'utf8').split('\n').length - 1, 0);
for (const { name, source, tests, wanted } of TESTED) {
  const tested = linesOf([...new Set(tests.flatMap((folder) => filesOf(folder, isTest)))]);
  const ratio = tested / linesOf(filesOf(source).filter((file) => !isTable(file)));
  console.log(`${name.padEnd(28)}${ratio.toFixed(2).padStart(8)}   wanted: ≥ ${wanted}${ratio < wanted ? '   UNDER' : ''}`);
}
if (process.argv.includes('--list')) {
  const over = files
    .filter((file) => file.lines > 300 && !isTable(file.file))
    .map(({ file, lines: count }) => `${file}: ${count} lines`);
  const list = (title, items) => items.length > 0 && console.log(`\n${title}\n${items.map((item) => `  ${item}`).join('\n')}`);
  list('Files over 300 lines', over);
  list(
    'Functions over 40 lines',
    long.map((one) => `${one.at}: ${one.lines}`),
  );
  list('Plain Error', plain);
  list(
    'Circles',
    cycles.map((circle) => circle.join(', ')),
  );
  list('Upward imports', upward);
  list('as and !', casts);
}
