import { scopeOf, userOf } from '../../../access/index.ts';
import { areNamed } from '../../../archive/objects/orphans.ts';
import { insertInstances, seriesOfPlaces } from '../../../archive/write/instance-write.ts';
import { holdPlaces, mayFollow, type Place, type PlacedInstance } from '../../../archive/write/next-places.ts';
import { mayTryAgain, Recheck } from '../../../archive/write/retry.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { type Certain, withCertainty } from '../decide/certain.ts';
import type { FileResult, Staged, StagedInstance } from '../types.ts';
import { type ChangedStudy, eventsOf } from './batch-events.ts';
import { writeReports } from './batch-report.ts';
import { type BatchRequest, type BatchTools, isInstance } from './batch-request.ts';
import { resultOf } from './batch-result.ts';
import { tellStored } from './tell-stored.ts';

interface Following extends PlacedInstance {
  readonly staged: StagedInstance;
}

/**
 * The short way for what follows: instances of series that took others before, of files that say whose they are in the words of their study. The
 * statements of its one transaction need no answers of each other and are sent together while the files are made durable; it is committed when both are done.
 * Undefined, with nothing written but the files, where the long way must decide: that is the definition, and this takes only what would come of it to the same.
 * Fails as the long way does.
 */
export async function commitNext(tools: BatchTools, requests: readonly BatchRequest[]): Promise<FileResult[][] | undefined> {
  const [first] = requests;
  const following = followingOf(tools, requests);
  if (first === undefined || following === undefined) return undefined;
  const { groupId } = first.target;
  const putting = tools.objects.put(following.map(({ staged }) => staged.draft));
  // It is awaited before the commit and behind a failure.
  putting.catch(() => undefined);
  const named = following.map(({ staged }) => staged.draft.id);
  if (!tools.isStoreNear) await putting;
  try {
    const certain: Certain<Stored> = {
      ...{ db: tools.db, scope: scopeOf(first.actor) },
      isThere: (tx) => areNamed(tx, tools.kinds, named),
      xidOf: ({ xid }) => xid,
    };
    const { results, committed } = await withCertainty(certain, async (tx) => {
      const stored = await store(tx, { tools, requests, following });
      await putting;
      return stored;
    });
    await committed();
    return results;
  } catch (error) {
    // No flush goes on behind anybody's back, and a store that fails is everybody's.
    await putting;
    if (!mayTryAgain(error)) throw error;
    tools.places.forget(groupId, following);
    return undefined;
  }
}

/** Undefined where one of the files is anything but the next instance of a series that is known. */
function followingOf({ places }: BatchTools, requests: readonly BatchRequest[]): Following[] | undefined {
  const following: Following[] = [];
  const uids = new Set<string>();
  const wordsOf = new Map<string, string>();
  for (const { target, staged } of requests) {
    if (target.patientId !== null || target.onlyStudyId !== undefined) return undefined;
    for (const one of staged) {
      const place = isInstance(one) && !one.draft.isPublished ? places.find(target.groupId, one.summary) : undefined;
      if (!isInstance(one) || place === undefined || !mayFollow(one.summary)) return undefined;
      const words = JSON.stringify(one.summary.identity);
      if ((wordsOf.get(place.studyId) ?? words) !== words || uids.has(one.summary.sopInstanceUid)) return undefined;
      wordsOf.set(place.studyId, words);
      uids.add(one.summary.sopInstanceUid);
      following.push({ staged: one, place });
    }
  }
  return following.length === 0 ? undefined : following;
}

interface Stored {
  readonly xid: string;
  readonly results: FileResult[][];
  /** To be called once it is committed. */
  readonly committed: () => Promise<void>;
}

interface Work {
  readonly tools: BatchTools;
  readonly requests: readonly BatchRequest[];
  readonly following: readonly Following[];
}

/** Sends all statements together; the first answer says whether the others count. Fails with Recheck where they do not. */
async function store(tx: Tx, { tools, requests, following }: Work): Promise<Stored> {
  const groupId = requests[0]?.target.groupId ?? null;
  const studies = studiesOf(following);
  const decisionOf = (one: Staged) => {
    const study = studies.get(one);
    return study && ({ kind: 'store', study, restores: false } as const);
  };
  const reports = requests.map(({ actor, target, staged }) => ({
    target: { ...target, userId: userOf(actor) },
    results: staged.filter(isInstance).map((one) => resultOf(one, decisionOf(one))),
    announced: [],
  }));
  const held = holdPlaces(tx, groupId, following);
  const { sent, committed } = tools.arrivals.tell(tx, seriesOfPlaces(following));
  const written = Promise.all([
    insertInstances(
      tx,
      groupId,
      following.map(({ staged, place }) => ({ staged, seriesId: place.seriesId })),
    ),
    sent,
    tools.audit.recordAll(tx, eventsOf(requests, { groupId, touched: new Set(studies.values()), decisionOf })),
    tellStored(tx, { tools, requests }, () => true),
    writeReports(tx, reports),
  ]);
  // Behind an answer that takes all of it back, whatever becomes of the others is nobody's.
  written.catch(() => undefined);
  const xid = await held;
  if (xid === undefined) throw new Recheck();
  await written;
  return { xid, results: reports.map(({ results }) => results), committed };
}

/** The studies, each once, as the journal tells of them. */
function studiesOf(following: readonly Following[]): ReadonlyMap<Staged, ChangedStudy> {
  const known = new Map<string, ChangedStudy>();
  const studies = new Map<Staged, ChangedStudy>();
  for (const { staged, place } of following) {
    const study = known.get(place.studyId) ?? asIs(place);
    known.set(study.id, study);
    studies.set(staged, study);
  }
  return studies;
}

const asIs = ({ studyId, patientId }: Place): ChangedStudy => ({
  id: studyId,
  isNew: false,
  wasDeleted: false,
  patient: { id: patientId, isNew: false, wasDeleted: false },
});
