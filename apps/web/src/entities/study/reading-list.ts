import type { Reading, Study } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { ApiError } from '../../api/error.ts';
import { isPassing } from '../../api/query-client.ts';
import { placeOf } from './place.ts';

/** A study and where it is, as addresses name it. */
export interface StudyPlace {
  readonly studyInstanceUid: string;
  readonly groupId: string;
}
type Row = Pick<Study, 'studyInstanceUid' | 'groupId' | 'status'>;

/** The rows of the list from which the last study was opened: what comes next is the row below. In memory only. */
let list: readonly Row[] = [];
export const readFrom = (rows: readonly Row[]): void => {
  list = rows.map(({ studyInstanceUid, groupId, status }) => ({ studyInstanceUid, groupId, status }));
};
export const forgetList = (): void => {
  list = [];
};

const MOST_TRIED = 20;
const isSame = (a: StudyPlace, b: StudyPlace): boolean => a.studyInstanceUid === b.studyInstanceUid && a.groupId === b.groupId;
const placed = (row: Row): StudyPlace => ({ studyInstanceUid: row.studyInstanceUid, ...placeOf(row) });
const isUnread = ({ status }: Pick<Row, 'status'>): boolean => status === 'TO_READ' || status === 'IN_PROGRESS';

/** What may come next, in turn: the rows below, then those above; then what waits longest on the server. */
async function* candidates(current: StudyPlace): AsyncGenerator<StudyPlace> {
  const at = list.findIndex((row) => isSame(placed(row), current));
  const turned = at < 0 ? list : [...list.slice(at + 1), ...list.slice(0, at)];
  const own = turned.filter(isUnread).map(placed);
  yield* own;
  const query = { status: 'TO_READ', sort: 'studyDate', limit: MOST_TRIED } as const;
  const { items } = await call('listStudies', { query });
  yield* items.map(placed).filter((place) => !isSame(place, current) && !own.some((one) => isSame(one, place)));
}

/** Whether it waits for a reader: neither read, nor being read by somebody else. */
const waits = ({ status, readers }: Reading): boolean => isUnread({ status }) && readers.every(({ isSelf }) => isSelf);

/** A study that has gone, or is out of reach by now, is passed over; a server that can't be asked says nothing of those that follow. */
function passedOver(error: unknown): undefined {
  if (!(error instanceof ApiError) || error.status === 401 || isPassing(error)) throw error;
}

/** The next study to be read; undefined where none waits. Fails as the API does. */
export async function nextToRead(current: StudyPlace): Promise<StudyPlace | undefined> {
  let tried = 0;
  for await (const place of candidates(current)) {
    if (tried === MOST_TRIED) return undefined;
    tried += 1;
    const { studyInstanceUid, groupId } = place;
    const reading = await call('getReading', { params: { studyInstanceUid }, query: { groupId } }).catch(passedOver);
    if (reading !== undefined && waits(reading)) return place;
  }
  return undefined;
}
