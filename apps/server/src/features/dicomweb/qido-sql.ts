import { Failure } from '../../kernel/failure.ts';
import type { RowScope, SqlValue } from '../../platform/db/database.ts';
import type { IndexedAttribute } from './attributes.ts';
import type { QidoQuery } from './qido-query.ts';

/** Collects conditions and their parameters; every value travels as a parameter. */
export class SqlBuilder {
  readonly conditions: string[] = [];
  readonly values: SqlValue[] = [];

  param(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  where(condition: string): void {
    this.conditions.push(condition);
  }
}

const escapeLike = (value: string): string => value.replaceAll(/[\\%_]/g, '\\$&');
/** `*` and `?` of PS3.4 C.2.2.2.4 as a LIKE pattern. */
export const likePattern = (value: string): string => escapeLike(value).replaceAll(/\*+/g, '%').replaceAll('?', '_');
const hasWildcard = (value: string): boolean => /[*?]/.test(value);

/** `20240101`, `20240101-20240131`, `-20240131`, `20240101-` → ISO bounds, both included (PS3.4 C.2.2.2.5). */
export function dateRange(value: string): { from?: string; to?: string } {
  const iso = (text: string): string => {
    const match = /^(\d{4})[-.]?(\d{2})[-.]?(\d{2})$/.exec(text.trim());
    const date = match === null ? undefined : `${match[1]}-${match[2]}-${match[3]}`;
    if (date === undefined || Number.isNaN(Date.parse(date)) || new Date(date).toISOString().slice(0, 10) !== date)
      throw new Failure('BAD_REQUEST', { detail: 'A date is malformed.' });
    return date;
  };
  const range = /^(\d{8})?\s*-\s*(\d{8})?$/.exec(value.trim());
  if (range === null) return { from: iso(value), to: iso(value) };
  return { ...(range[1] === undefined ? {} : { from: iso(range[1]) }), ...(range[2] === undefined ? {} : { to: iso(range[2]) }) };
}

/** TM bounds as the index keeps times (`HH:MM:SS[.ffffff]`); a partial upper bound covers its whole hour or minute. */
export function timeRange(value: string): { from?: string; to?: string } {
  const iso = (text: string, filler: '00' | '59'): string => {
    const match = /^(\d{2})(?::?(\d{2}))?(?::?(\d{2})(\.\d{1,6})?)?$/.exec(text.trim());
    if (match === null) throw new Failure('BAD_REQUEST', { detail: 'A time is malformed.' });
    const fraction = match[4] ?? (filler === '59' ? '.999999' : '');
    return `${match[1]}:${match[2] ?? filler}:${match[3] ?? filler}${fraction}`;
  };
  const [from = '', to] = value.split('-');
  if (to === undefined) return { from: iso(value, '00'), to: iso(value, '59') };
  return { ...(from === '' ? {} : { from: iso(from, '00') }), ...(to === '' ? {} : { to: iso(to, '59') }) };
}

function addRange(sql: SqlBuilder, column: string, bounds: { from?: string; to?: string }): void {
  if (bounds.from !== undefined) sql.where(`${column} >= ${sql.param(bounds.from)}`);
  if (bounds.to !== undefined) sql.where(`${column} <= ${sql.param(bounds.to)}`);
}

/**
 * PN matching ignores case, accents and the order of delimiters (PS3.4 C.2.2.2.1 allows it). The owner's function finds the ids,
 * because trigram and LIKE operators lose their index under row-level security.
 */
function addName(sql: SqlBuilder, value: string): void {
  sql.where(`p.id IN (SELECT qido_patient_ids(${sql.param(likePattern(value.replaceAll('^', ' ').replaceAll('=', ' ')))}))`);
}

function addText(sql: SqlBuilder, column: string, value: string): void {
  if (value === '*') return;
  if (hasWildcard(value)) sql.where(`${column} ILIKE ${sql.param(likePattern(value))}`);
  else sql.where(`${column} = ${sql.param(value)}`);
}

function addMatch(sql: SqlBuilder, attribute: IndexedAttribute, value: string): void {
  const { column } = attribute;
  switch (attribute.matching) {
    case 'uid':
      sql.where(
        `${column} = ANY(${sql.param(
          value
            .split(/[\\,]/)
            .map((uid) => uid.trim())
            .slice(0, 2000),
        )})`,
      );
      return;
    case 'date':
      addRange(sql, column, dateRange(value));
      return;
    case 'time':
      addRange(sql, column, timeRange(value));
      return;
    case 'codes':
      sql.where(`${column} && ${sql.param(value.split(/[\\,]/).map((code) => code.trim()))}`);
      return;
    case 'integer':
      if (!/^[+-]?\d{1,9}$/.test(value.trim())) throw new Failure('BAD_REQUEST', { detail: 'A number is malformed.' });
      sql.where(`${column} = ${sql.param(Number(value))}`);
      return;
    case 'name':
      addName(sql, value);
      return;
    case 'text':
      addText(sql, column, value);
  }
}

const JSON_OWNER = { studies: 't', series: 'r' } as const;

/** Adds every key of the query, and the scope as the first of the two locks. */
export function addConditions(sql: SqlBuilder, query: QidoQuery, scope: RowScope): void {
  sql.where('t.deleted_at IS NULL AND p.deleted_at IS NULL');
  if (!scope.all) {
    const own = scope.groupId === null ? 'false' : `t.group_id = ${sql.param(scope.groupId)}`;
    sql.where(`(${own}${scope.ungrouped ? ' OR t.group_id IS NULL' : ''})`);
  }
  for (const { attribute, value } of query.matches) addMatch(sql, attribute, value);
  for (const { tag, vr, value } of query.jsonMatches) {
    const owner = JSON_OWNER[query.level === 'studies' ? 'studies' : 'series'];
    const text =
      vr === 'PN'
        ? `${owner}.attributes #>> ARRAY[${sql.param(tag)}, 'Value', '0', 'Alphabetic']`
        : `${owner}.attributes #>> ARRAY[${sql.param(tag)}, 'Value', '0']`;
    addText(sql, `(${text})`, value);
  }
}
