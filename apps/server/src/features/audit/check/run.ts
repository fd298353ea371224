import { NOTHING, type Service, scopeOf } from '../../../access/index.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { findHashAt } from '../repository.ts';
import type { ChainPorts } from '../sequencer.ts';
import type { Audit } from '../service.ts';
import { anchorsOf, badEnd, countLate } from '../verify.ts';
import { type WalkEnds, type Walked, walk } from '../walk.ts';
import * as state from './state.ts';

interface CheckPorts extends ChainPorts {
  readonly audit: Pick<Audit, 'record'>;
}

/** The whole chain is read again after this. */
const PASS_EVERY_MS = 7 * 86_400_000;
/** Links of one run: of those that are new, and of those that are read again. */
const MOST_NEW = 200_000;
const MOST_AGAIN = 200_000;
const REPLACED = 'The chain differs from what was checked before.';

interface Checked {
  readonly events: number;
  readonly bad: state.Bad | undefined;
}

/** What one run looked at. */
interface Found {
  readonly bad: state.Bad | undefined;
  readonly place: state.Place;
  readonly pass: state.Pass;
}

/**
 * Checks what was linked since the last run, and a piece of the whole chain, which is read from its beginning once a week. The first event that does not hold
 * is on record once, with an event of its own; it is looked at again in each run, and where it holds again (a restored row) that is on record too.
 */
export async function checkChain(ports: CheckPorts, by: Service, signal: AbortSignal | undefined): Promise<Checked> {
  const { db, clock } = ports;
  const scope = scopeOf(by);
  await db.withScope(scope, state.beginChecks);
  const row = await db.reading(scope, state.findCheck);
  if (row === undefined) return { events: 0, bad: undefined };
  const found = await look(ports, row, signal);
  await db.withScope(scope, async (tx) => {
    await state.noteChecked(tx, found.place, clock.now());
    await state.notePass(tx, found.pass);
    await noteFound(ports, tx, by, { row, bad: found.bad });
  });
  return { events: Math.max(0, found.place.sequence - row.sequence), bad: found.bad };
}

async function look(ports: CheckPorts, row: state.CheckRow, signal: AbortSignal | undefined): Promise<Found> {
  const { anchorAt, ...anchored } = await anchorsOf(ports);
  const ends = { signal, anchorAt };
  const place = { sequence: row.sequence, hash: row.hash };
  if (!(await isAsItWas(ports, place))) return { bad: await firstReplaced(ports, row, ends), place, pass: passOf(row) };
  const fresh = await walk(ports, place, { ...ends, most: MOST_NEW });
  const { pass, bad, isWhole } = await passOn(ports, row, ends);
  const isLateKnown = row.problem !== null && row.bad_sequence === null;
  const late = isWhole || isLateKnown ? (await countLate(ports)).late : 0;
  const atEnd = fresh.isEnd ? badEnd(fresh.sequence, { ...anchored, late }) : undefined;
  return { bad: firstOf([bad, fresh.bad]) ?? atEnd, place: placeOf(fresh), pass };
}

/** What was checked is gone or another: which is the first is read from the beginning, once. */
async function firstReplaced(ports: CheckPorts, row: state.CheckRow, ends: Omit<WalkEnds, 'most'>): Promise<state.Bad> {
  if (row.problem !== null && row.bad_sequence !== null) return { at: row.bad_sequence, problem: row.problem };
  const { sequence, bad } = await walk(ports, { sequence: 0, hash: null }, { ...ends, most: row.sequence });
  return bad ?? { at: Math.min(sequence + 1, row.sequence), problem: REPLACED };
}

const passOf = (row: state.CheckRow): state.Pass => ({
  ...{ sequence: row.pass_sequence, hash: row.pass_hash, startedAt: row.pass_started_at, endedAt: row.pass_ended_at },
});

const placeOf = ({ sequence, hash }: Walked): state.Place => ({ sequence, hash });

const firstOf = (found: readonly (state.Bad | undefined)[]): state.Bad | undefined =>
  found.flatMap((bad) => (bad === undefined ? [] : [bad])).sort((a, b) => (a.at ?? 0) - (b.at ?? 0))[0];

async function isAsItWas({ db }: CheckPorts, { sequence, hash }: state.Place): Promise<boolean> {
  if (hash === null) return true;
  const link = await db.reading(NOTHING, (tx) => findHashAt(tx, sequence));
  return link?.hash.equals(hash) === true;
}

/** Goes on with the reading of the whole chain, begins it where it is due, and ends it where everything that was checked was read. */
async function passOn(
  ports: CheckPorts,
  row: state.CheckRow,
  ends: Pick<WalkEnds, 'signal' | 'anchorAt'>,
): Promise<{ pass: state.Pass; bad: state.Bad | undefined; isWhole: boolean }> {
  const now = ports.clock.now();
  const kept = passOf(row);
  const { startedAt, endedAt } = kept;
  const isOver = startedAt !== null && endedAt !== null && endedAt >= startedAt;
  if (isOver && now.getTime() - startedAt.getTime() < PASS_EVERY_MS) return { pass: kept, bad: undefined, isWhole: false };
  const begins = isOver || startedAt === null;
  const walked = await walk(ports, begins ? { sequence: 0, hash: null } : kept, {
    ...ends,
    most: MOST_AGAIN,
  });
  const isWhole = walked.isEnd && walked.bad === undefined;
  const pass = { ...placeOf(walked), startedAt: begins ? now : startedAt, endedAt: isWhole ? now : endedAt };
  return { pass, bad: walked.bad, isWhole };
}

/** What changed since the run before is on record, once. */
async function noteFound(
  { audit, clock }: CheckPorts,
  tx: Tx,
  by: Service,
  { row, bad }: { readonly row: state.CheckRow; readonly bad: state.Bad | undefined },
): Promise<void> {
  const event = { actor: by, entityType: 'audit-chain', outcome: 'FAILURE' } as const;
  if (bad === undefined) {
    if (row.problem === null) return;
    await state.noteGood(tx);
    await audit.record(tx, { ...event, action: 'audit.chain-mended', outcome: 'SUCCESS' });
    return;
  }
  if (row.problem === bad.problem && row.bad_sequence === bad.at) return;
  const found = bad.at === null ? undefined : await state.findEventAt(tx, bad.at);
  await state.noteBad(tx, bad, found?.event_id ?? null, clock.now());
  const details = { sequence: bad.at, problem: bad.problem };
  await audit.record(tx, {
    ...event,
    action: 'audit.chain-broken',
    ...(found === undefined ? {} : { entityId: found.event_id }),
    details,
  });
}
