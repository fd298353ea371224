import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CallExpression, Node, SourceFile } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isIdentifier,
  isInterfaceDeclaration,
  isPropertyAccessExpression,
  isPropertySignatureDeclaration,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import { API, type Checker, type Project, SymbolFlags, type Type } from 'typescript/unstable/sync';

/** A statement that the sources send. */
export interface FoundStatement {
  /** Relative to the workspace, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** Under which it is prepared, where the call says so in so many words. */
  readonly name?: string;
}

const METHODS = new Set(['rows', 'first', 'run']);
/** Functions that are given a statement, and which argument it is. */
const MAKERS: Readonly<Record<string, number>> = { statement: 0, composed: 1 };

/** The argument that is the text. */
const textArgument = (call: CallExpression): Node | undefined =>
  call.arguments[isIdentifier(call.expression) ? (MAKERS[call.expression.text] ?? 0) : 0];

/** The name at which a call's meaning is asked, where it may send a statement. */
function nameOf(call: CallExpression): Node | undefined {
  const { expression } = call;
  if (isIdentifier(expression)) return Object.hasOwn(MAKERS, expression.text) ? expression : undefined;
  return isPropertyAccessExpression(expression) && isIdentifier(expression.name) && METHODS.has(expression.name.text)
    ? expression.name
    : undefined;
}

function callsIn(source: SourceFile): CallExpression[] {
  const calls: CallExpression[] = [];
  const look = (node: Node): void => {
    if (isCallExpression(node) && nameOf(node) !== undefined && textArgument(node) !== undefined) calls.push(node);
    node.forEachChild(look);
  };
  look(source);
  return calls;
}

/** The literal texts that a type stands for; none where it is any text, which the compiler refuses. */
function textsOf(type: Type | undefined): readonly string[] {
  if (type === undefined) return [];
  if (type.isUnionType()) return type.getTypes().flatMap(textsOf);
  return type.isStringLiteralType() ? [type.value] : [];
}

function statementsIn(project: Project, name: string, workspace: string): FoundStatement[] {
  const source = project.program.getSourceFile(name);
  if (source === undefined) return [];
  const { checker } = project;
  const calls = callsIn(source).filter((call) => isOfTransaction(call, checker, workspace));
  const file = path.relative(workspace, name).replaceAll('\\', '/');
  const types = checker.getTypeAtLocation(calls.flatMap((call) => textArgument(call) ?? []));
  return calls.flatMap((call, index) => {
    const prepared = call.arguments[2];
    const named = prepared !== undefined && isStringLiteral(prepared) ? { name: prepared.text } : {};
    return textsOf(types[index]).map((text) => ({ file, line: lineOf(source, call), text, ...named }));
  });
}

const lineOf = (source: SourceFile, call: CallExpression): number => source.text.slice(0, call.expression.end).split('\n').length;

/** Whether what is called is declared in platform/db: other things have a `run`, too. */
function isOfTransaction(call: CallExpression, checker: Checker, workspace: string): boolean {
  const name = nameOf(call);
  const named = name === undefined ? undefined : checker.getSymbolAtLocation(name);
  const symbol = named !== undefined && (named.flags & SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(named) : named;
  const place = path.join(workspace, 'src', 'platform', 'db').toLowerCase().replaceAll('\\', '/');
  return (symbol?.declarations ?? []).some(({ path: file }) => file.toLowerCase().replaceAll('\\', '/').startsWith(place));
}

/** Names of the members of `interface ColumnTypes`, wherever a room adds to it. */
function declaredColumnsIn(source: SourceFile): string[] {
  const found: string[] = [];
  const look = (node: Node): void => {
    if (isInterfaceDeclaration(node) && node.name.text === 'ColumnTypes')
      for (const member of node.members)
        if (isPropertySignatureDeclaration(member) && isStringLiteral(member.name)) found.push(member.name.text);
    node.forEachChild(look);
  };
  look(source);
  return found;
}

export interface Found {
  readonly statements: readonly FoundStatement[];
  /** Columns of which the program knows more than the catalogue, as `table.column`. */
  readonly columns: readonly string[];
}

/**
 * Every statement that the workspace's sources send, in the order of files and lines: the compiler itself says what text a call is given, so that what it
 * looks up in `Statements` and what the database is asked about are one. The compiler's interface is marked unstable and its version is pinned: it is
 * used in this file only.
 */
export function findStatements(workspace: string, isWanted: (file: string) => boolean = () => true): Found {
  const api = new API({ cwd: workspace });
  try {
    const config = path.join(workspace, 'tsconfig.json');
    const project = api.updateSnapshot({ openProject: config }).getProject(config);
    if (project === undefined) throw new Error(`The compiler does not open ${config}.`);
    const names = project.program
      .getSourceFileNames()
      .filter((name) => !name.includes('node_modules') && !name.endsWith('.gen.ts') && isWanted(name))
      .sort();
    const mentions = (pattern: RegExp) => names.filter((name) => pattern.test(readFileSync(name, 'utf8')));
    return {
      statements: mentions(SENDS).flatMap((name) => statementsIn(project, name, workspace)),
      columns: mentions(/\binterface ColumnTypes\b/).flatMap((name) => {
        const source = project.program.getSourceFile(name);
        return source === undefined ? [] : declaredColumnsIn(source);
      }),
    };
  } finally {
    api.close();
  }
}

/** Spares the compiler the files in which nothing can be. */
const SENDS = /\b(?:rows|first|run|statement|composed)\s*[(<]/;
