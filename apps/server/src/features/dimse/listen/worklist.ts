import { type DicomJsonObject, jsonItems, parseDate } from '@negatoscope/dicom';
import { type AgreedContext, type Answer, STATUS } from '@negatoscope/dimse';
import { Failure } from '../../../kernel/failure.ts';
import { keyText, writeIdentifier } from '../ask/identifier.ts';
import { overIdentifier } from './identifier.ts';
import { answered, asksUnknown, MalformedKey, matches } from './matching.ts';
import type { Operation, Telling } from './operation.ts';
import { itemFor, STEP, type WantedFilm } from './worklist-item.ts';

/** Days, `YYYY-MM-DD`, both included; null is open. */
export interface Days {
  readonly from: string | null;
  readonly to: string | null;
}

/** Films that are asked for in a group (null: of none). */
export interface Worklist {
  /** In runs, the first that was asked for first. */
  wanted(groupId: string | null, days: Days): AsyncIterable<readonly WantedFilm[]>;
  /** A device is about to be told of these patients: what comes back under the numbers that it is told is theirs. */
  tell(groupId: string | null, patientIds: readonly string[]): Promise<void>;
}

/** The worklist of one node. */
export interface NodeWorklist {
  readonly worklist: Worklist;
  readonly groupId: string | null;
  /** Titles of the devices that films are asked of, the node's own first. */
  readonly stations: () => Promise<readonly string[]>;
  /** Tells the journal whose the films are that were told, one for each; resolves when it is on record. */
  readonly note: (patients: readonly string[]) => Promise<void>;
}

const DAY = '00400002';
const CHARACTER_SET = '00080005';

/** What the index can be asked of days; what is none is told when it is compared. */
function daysOf(keys: DicomJsonObject): Days {
  const [item = {}] = jsonItems(keys, STEP);
  const [from = '', to = from] = keyText(item[DAY] ?? { vr: 'DA' }).split('-');
  return { from: parseDate(from) ?? null, to: parseDate(to) ?? null };
}

const MALFORMED = (tag: string): Answer => ({
  status: STATUS.DATASET_DOES_NOT_MATCH,
  OffendingElement: [tag],
  comment: 'A key that is malformed',
});

/** C-FIND of the modality worklist (PS3.4 K.4.1): each film that is asked for is told as soon as it is found. */
export const worklistOperation = (of: NodeWorklist, context: AgreedContext): Operation =>
  overIdentifier(context, async ({ identifier }, telling) => {
    const keys = Object.fromEntries(Object.entries(identifier).filter(([tag]) => tag !== CHARACTER_SET && !tag.endsWith('0000')));
    const step = keys[STEP];
    if (step !== undefined && (step.vr !== 'SQ' || jsonItems(keys, STEP).length > 1)) return MALFORMED(STEP);
    try {
      return await tellFilms(of, telling, { keys, transferSyntax: context.transferSyntax });
    } catch (error) {
      if (error instanceof MalformedKey) return MALFORMED(error.tag);
      if (!(error instanceof Failure)) throw error;
      return { status: STATUS.OUT_OF_RESOURCES, comment: error.detail ?? error.code };
    }
  });

async function tellFilms(
  { worklist, groupId, stations, note }: NodeWorklist,
  telling: Telling,
  { keys, transferSyntax }: { readonly keys: DicomJsonObject; readonly transferSyntax: string },
): Promise<Answer> {
  const titles = await stations();
  // A key that is malformed is one whether or not there is anything to compare it with.
  matches(keys, itemFor(ANY_FILM, titles, {}) ?? {});
  const told: string[] = [];
  for await (const run of worklist.wanted(groupId, daysOf(keys))) {
    const found = run.flatMap((film) => {
      const item = itemFor(film, titles, keys);
      return item !== undefined && matches(keys, item) ? [{ film, item }] : [];
    });
    if (found.length > 0) await worklist.tell(groupId, [...new Set(found.map(({ film }) => film.patient.id))]);
    for (const { film, item } of found) {
      if (telling.signal.aborted) {
        await note(told);
        return { status: STATUS.CANCEL };
      }
      const status = asksUnknown(keys, item) ? STATUS.PENDING_WITHOUT_KEYS : STATUS.PENDING;
      await telling.tell({ status, dataset: writeIdentifier(answered(keys, item), transferSyntax) });
      told.push(film.patient.id);
    }
    if (telling.signal.aborted) break;
  }
  await note(told);
  return { status: telling.signal.aborted ? STATUS.CANCEL : STATUS.SUCCESS };
}

/** Has every attribute that is compared. */
const ANY_FILM: WantedFilm = {
  ...{
    number: '1',
    studyInstanceUid: '1',
    modalities: ['DX'],
    bodyPart: '',
    isBegun: false,
    reason: '',
    day: '2000-01-01',
    orderedBy: '',
  },
  ...{ orderedAt: new Date(0), weightKg: null, heightCm: null },
  patient: { id: '', number: '', name: '', birthDate: null, sex: 'U' },
};
