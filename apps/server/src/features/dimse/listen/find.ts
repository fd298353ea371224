import { type Column, DatasetForm, type DicomJsonObject, EXPLICIT_VR_LITTLE_ENDIAN } from '@negatoscope/dicom';
import { type AgreedContext, type Answer, SERVICE_CLASS, STATUS } from '@negatoscope/dimse';
import type { QidoRow } from '../../../archive/search/qido-repository.ts';
import { Failure } from '../../../kernel/failure.ts';
import { keyText } from '../ask/identifier.ts';
import { type Identifier, NO_SUCH_LEVEL, overIdentifier, QUERY_LEVEL } from './identifier.ts';
import type { Operation, Telling } from './operation.ts';

/** Of what a query may be: the index as QIDO-RS has it. */
export type SearchLevel = 'studies' | 'series' | 'instances';
/** What a node of a group (null: of none) finds. Fails with BAD_REQUEST for a malformed value. */
export type Search = (
  groupId: string | null,
  query: { readonly level: SearchLevel; readonly keys: URLSearchParams },
) => SearchFound;

interface SearchFound {
  /** Keys that are not matched. */
  readonly ignored: readonly string[];
  /** The attributes that the keys name, by their tags. */
  readonly columns: Columns;
  /** What is found together, in its order. */
  readonly runs: AsyncIterable<readonly QidoRow[]>;
}

export interface Finder {
  readonly search: Search;
  readonly groupId: string | null;
  /** One's own AE title: from where what is found can be had. */
  readonly aeTitle: string;
  /** Tells the journal whose the matches are that are about to be told, one for each; resolves when it is on record. */
  readonly note: (level: string, patients: readonly string[]) => Promise<void>;
}

/** How each is read of a match, and its VR where that is always the same. */
type Columns = ReadonlyMap<string, Pick<Column<QidoRow>, 'of'> & { readonly vr?: string }>;

/** No keys: the level, the character set, and what is the answer's own. */
const NO_KEYS: ReadonlySet<string> = new Set([QUERY_LEVEL, '00080005', '00080054', '00080056', '00080201']);
const PATIENT_TAGS: readonly string[] = ['00100010', '00100020', '00100030', '00100040'];
const LEVELS: ReadonlyMap<string, SearchLevel> = new Map([
  ['PATIENT', 'studies'],
  ['STUDY', 'studies'],
  ['SERIES', 'series'],
  ['IMAGE', 'instances'],
]);

/** Where a level of a query's root (PS3.4 C.6.1.1, C.6.2.1) is looked for; undefined for one that it has not. */
const searchedAt = (abstractSyntax: string, level: string): SearchLevel | undefined =>
  level === 'PATIENT' && abstractSyntax !== SERVICE_CLASS.PATIENT_ROOT_FIND ? undefined : LEVELS.get(level);

function keysOf(identifier: DicomJsonObject, isOfPatients: boolean): { keys: URLSearchParams; ignored: boolean } {
  const keys = new URLSearchParams();
  let ignored = false;
  for (const [tag, element] of Object.entries(identifier)) {
    if (NO_KEYS.has(tag)) continue;
    // Bytes are compared with nothing: to say that they were matched would be untrue.
    const isBytes = element.InlineBinary !== undefined || element.BulkDataURI !== undefined;
    const isUsable =
      element.vr !== 'SQ' && !isBytes && /^[0-9A-F]{3}[02468ACE]/.test(tag) && (!isOfPatients || PATIENT_TAGS.includes(tag));
    if (isUsable) keys.append(tag, keyText(element));
    else ignored = true;
  }
  // By these one patient is told from another.
  if (isOfPatients) for (const tag of PATIENT_TAGS) if (!keys.has(tag)) keys.append(tag, '');
  return { keys, ignored };
}

/** An answer has the keys that were asked for, empty where nothing is known (PS3.4 C.4.1.1.3.2). */
function formOf({ identifier: asked, level, transferSyntax }: Query, columns: Columns, aeTitle: string): DatasetForm<QidoRow> {
  const shown = Object.entries(asked).flatMap(([tag, { vr }]): [string, Column<QidoRow>][] =>
    NO_KEYS.has(tag) ? [] : [[tag, { vr, of: () => undefined, ...columns.get(tag) }]],
  );
  const own: DicomJsonObject = {
    [QUERY_LEVEL]: { vr: 'CS', Value: [level] },
    '00080054': { vr: 'AE', Value: [aeTitle] },
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
  };
  return new DatasetForm(new Map(shown), own, { isExplicit: transferSyntax === EXPLICIT_VR_LITTLE_ENDIAN });
}

/** Of the rows of a run those that were not told yet: a patient is told once, however many studies there are. */
function newPatients(columns: Columns): (rows: readonly QidoRow[]) => readonly QidoRow[] {
  const seen = new Set<string>();
  const told = PATIENT_TAGS.flatMap((tag) => columns.get(tag) ?? []);
  const isNew = (row: QidoRow): boolean => seen.size < seen.add(JSON.stringify(told.map(({ of }) => of(row)))).size;
  return (rows) => rows.filter(isNew);
}

/** C-FIND (PS3.4 C.4.1): each match is told as soon as it is found. */
export const findOperation = (finder: Finder, context: AgreedContext): Operation =>
  overIdentifier(context, async ({ identifier, level }, telling) => {
    const at = searchedAt(context.abstractSyntax, level);
    if (at === undefined) return NO_SUCH_LEVEL;
    try {
      return await tellMatches(finder, telling, { identifier, level, at, transferSyntax: context.transferSyntax });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const isTheirs = error.code === 'BAD_REQUEST';
      return { status: isTheirs ? STATUS.CANNOT_UNDERSTAND : STATUS.OUT_OF_RESOURCES, comment: error.detail ?? error.code };
    }
  });

interface Query extends Identifier {
  readonly at: SearchLevel;
  readonly transferSyntax: string;
}

/** Matches that are sent together: between them a cancel is heard. */
const TOGETHER = 250;

async function tellMatches({ search, groupId, aeTitle, note }: Finder, telling: Telling, query: Query): Promise<Answer> {
  const { identifier, level, at } = query;
  const isOfPatients = level === 'PATIENT';
  const { keys, ignored } = keysOf(identifier, isOfPatients);
  const found = search(groupId, { level: at, keys });
  const form = formOf(query, found.columns, aeTitle);
  const wantedOf = isOfPatients ? newPatients(found.columns) : (rows: readonly QidoRow[]) => rows;
  const status = ignored || found.ignored.length > 0 ? STATUS.PENDING_WITHOUT_KEYS : STATUS.PENDING;
  let isNoted = false;
  for await (const rows of found.runs) {
    if (telling.signal.aborted) break;
    const matches = wantedOf(rows);
    // Before they are told: a node that goes in the midst has had what was on its way.
    if (matches.length > 0)
      await note(
        level,
        matches.map((row) => row.patient_row),
      );
    isNoted ||= matches.length > 0;
    for (let from = 0; from < matches.length && !telling.signal.aborted; from += TOGETHER)
      await telling.tellAll(status, { form, matches: matches.slice(from, from + TOGETHER) });
    if (telling.signal.aborted) break;
  }
  if (!isNoted) await note(level, []);
  return { status: telling.signal.aborted ? STATUS.CANCEL : STATUS.SUCCESS };
}
