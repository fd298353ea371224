// What a mutation run changes (scripts/mutants.mjs): one operator, condition, constant or call of a source file at a time, found in its syntax tree.
import { parseAst } from 'vite';

/** Operators and what stands for them: a border that is off by one, a turned comparison, another operation. */
const BINARY = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '<<': '>>',
  '>>': '<<',
  '>>>': '<<',
  '&': '|',
  '|': '&',
};
const LOGICAL = { '&&': '||', '||': '&&' };

const isText = ({ type, value }) => type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string');

/** Where an operator stands between its two sides: comments there may hold the same signs. */
function operatorAt(text, { left, right, operator }) {
  const between = text
    .slice(left.end, right.start)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
  return left.end + between.indexOf(operator);
}

function ofOperator(text, node, others) {
  const other = others[node.operator];
  if (other === undefined || (node.operator === '+' && (isText(node.left) || isText(node.right)))) return [];
  const start = operatorAt(text, node);
  return [{ start, end: start + node.operator.length, by: other }];
}

const ofCondition = ({ start, end }) => ['true', 'false'].map((by) => ({ start, end, by }));

function ofLiteral({ start, end, value }) {
  if (typeof value === 'boolean') return [{ start, end, by: String(!value) }];
  return typeof value === 'number' ? [{ start, end, by: String(value + 1) }] : [];
}

const OF = {
  BinaryExpression: (text, node) => ofOperator(text, node, BINARY),
  LogicalExpression: (text, node) => ofOperator(text, node, LOGICAL),
  IfStatement: (_text, { test }) => ofCondition(test),
  ConditionalExpression: (_text, { test }) => ofCondition(test),
  UnaryExpression: (_text, { operator, start, argument }) => (operator === '!' ? [{ start, end: argument.start, by: '' }] : []),
  Literal: (_text, node) => ofLiteral(node),
  // What is done for its effect is not done.
  ExpressionStatement: (_text, { expression: { type, start, end } }) =>
    ['CallExpression', 'AwaitExpression', 'AssignmentExpression'].includes(type) ? [{ start, end, by: 'void 0' }] : [],
};

/** What stands for an index that is never missed (`bytes[at] ?? 0`) can't be told from another. */
const isNeverTaken = (key, { type, operator, left }) =>
  type === 'LogicalExpression' && operator === '??' && key === 'right' && left.type === 'MemberExpression' && left.computed;

/** Types are not run, and what is imported has no meaning of its own. */
const isNoCode = (type) => (type.startsWith('TS') && !/^TS(As|NonNull|Satisfies)/.test(type)) || type === 'ImportDeclaration';

/**
 * Every mutation of a source text, in its order: the characters from `start` to `end` (not included) are replaced `by` others.
 * Constants behind a type assertion are among them, types are not.
 */
export function mutationsOf(text) {
  const found = [];
  const visit = (node) => {
    if (Array.isArray(node)) return void node.forEach(visit);
    if (node === null || typeof node !== 'object') return;
    if (typeof node.type === 'string') {
      if (isNoCode(node.type)) return;
      found.push(...(OF[node.type]?.(text, node) ?? []));
    }
    for (const [key, value] of Object.entries(node)) if (key !== 'parent' && !isNeverTaken(key, node)) visit(value);
  };
  visit(parseAst(text, { lang: 'ts' }));
  return found.filter(({ start, end, by }) => text.slice(start, end) !== by);
}

export const mutated = (text, { start, end, by }) => text.slice(0, start) + by + text.slice(end);

/** Numbers from 0 to 1, always the same of one seed (mulberry32). */
function numbersOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many of a list, each once, in the order in which a seed draws them. */
export function sample(all, seed, count) {
  const next = numbersOf(seed);
  const left = [...all];
  const drawn = [];
  while (left.length > 0 && drawn.length < count) drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  return drawn;
}
