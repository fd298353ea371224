import type { NodeEventCode } from '@negatoscope/contract';
import { type Service, scopeOf } from '../../../access/index.ts';
import { askedOf } from '../ask/asked.ts';
import { sendInstances } from '../ask/send.ts';
import type { InstanceToSend, SentInstance } from '../ask/store-all.ts';
import { codeOfStatus } from '../log/codes.ts';
import { shownText } from './found.ts';
import { codeOf, type TransferPorts, type Working } from './ports.ts';
import * as repository from './work-repository.ts';

/** What becomes of instances is written together, so often. */
const WRITE_EVERY_MS = 500;
const WRITE_EVERY = 100;

interface Item extends InstanceToSend {
  readonly place: number;
}

const CODE_OF: Readonly<Record<NonNullable<SentInstance['reason']>, NodeEventCode>> = {
  NOT_ACCEPTED: 'CLASS_NOT_SUPPORTED',
  GONE: 'GONE',
  UNREADABLE: 'UNREADABLE',
  REFUSED: 'PROCESSING_FAILURE',
  NO_ASSOCIATION: 'LOST',
};

function outcomeOf({ instance, outcome, status, comment, reason, cause }: SentInstance<Item>): repository.ItemOutcome {
  const said = { place: instance.place, status: status ?? null, comment: comment === undefined ? null : shownText(comment, ' ') };
  if (outcome === 'sent') return { ...said, outcome: 'DONE', code: null };
  const ofStatus = status === undefined ? null : codeOfStatus(status);
  if (outcome === 'warning') return { ...said, outcome: 'WARNING', code: ofStatus };
  const ofLine = reason === 'NO_ASSOCIATION' ? codeOf(cause) : null;
  return {
    ...said,
    outcome: 'FAILED',
    code: ofStatus ?? ofLine ?? (reason === undefined ? 'PROCESSING_FAILURE' : CODE_OF[reason]),
  };
}

/** Sends the instances of a transfer that are still to be sent, as the person who asked sees them now. */
export async function runSending(
  ports: TransferPorts,
  by: Service,
  { transfer, node, person, signal, check, count, archive }: Working,
): Promise<void> {
  const { db, dicom, log } = ports;
  const scope = scopeOf(person);
  const items = await db.reading(scopeOf(by), (tx) => repository.waitingItems(tx, transfer.id));
  const places = new Map(items.map(({ instance_id: id, place }) => [id, place]));
  const uids = [...new Set(items.map(({ study_instance_uid: uid }) => uid))];
  const found = (await archive().find(scope, { studies: uids }, MOST_FOUND)).flatMap((instance): Item[] => {
    const place = places.get(instance.id);
    places.delete(instance.id);
    return place === undefined ? [] : [{ ...instance, place }];
  });
  const outcomes = notedInRuns((some) => db.withScope(scopeOf(by), (tx) => repository.noteOutcomes(tx, transfer, some)));
  for (const place of places.values())
    await outcomes.note({ place, outcome: 'FAILED', code: 'GONE', status: null, comment: null });
  const open = archive().opener(scope, found);
  const counted: typeof open = async (instance, transferSyntaxUid) => {
    const opened = await open(instance, transferSyntaxUid);
    return opened && { ...opened, bytes: countedBytes(opened.bytes, { check, count }), discard: () => opened.discard() };
  };
  const asked = askedOf(node, dicom);
  for await (const sent of sendInstances(asked, found, { open: counted, signal })) {
    // What was stopped on its way is sent again.
    if (signal.aborted && sent.outcome === 'failed') continue;
    if (sent.reason === 'UNREADABLE')
      log.error({ err: sent.cause, transfer: transfer.id }, 'an instance could not be read to be sent');
    await outcomes.note(outcomeOf(sent));
  }
  await outcomes.write();
}

/** Outcomes are written some at a time, and none waits for long. */
function notedInRuns(keep: (some: readonly repository.ItemOutcome[]) => Promise<unknown>) {
  let waiting: repository.ItemOutcome[] = [];
  let writtenAt = performance.now();
  const write = async (): Promise<void> => {
    const some = waiting;
    waiting = [];
    writtenAt = performance.now();
    if (some.length > 0) await keep(some);
  };
  const note = async (outcome: repository.ItemOutcome): Promise<void> => {
    waiting.push(outcome);
    if (waiting.length >= WRITE_EVERY || performance.now() - writtenAt > WRITE_EVERY_MS) await write();
  };
  return { note, write };
}

/** More than one may ask for at a time. */
const MOST_FOUND = 1_000_000;

/** Who was stopped, or paused, sends nothing more of what it has in its hands. */
async function* countedBytes(
  bytes: AsyncIterable<Uint8Array>,
  { check, count }: Pick<Working, 'check' | 'count'>,
): AsyncGenerator<Uint8Array> {
  for await (const run of bytes) {
    check();
    count(run.length);
    yield run;
  }
}
