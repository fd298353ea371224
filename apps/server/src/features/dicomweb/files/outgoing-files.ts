import type { FastifyReply } from 'fastify';
import { APPROXIMATED, coercedFile, type IndexValues } from '../../../archive/coercion/index.ts';
import type { InstanceEntry } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { verifiedReader, withStart } from '../../../platform/objects/store/index.ts';
import { oneAhead } from '../../../platform/sending/one-ahead.ts';
import { pieceReader } from '../../../platform/sending/piece-memory.ts';
import { instanceBytes } from '../multipart-answer.ts';
import type { Dicomweb, FileWork } from '../service.ts';
import type { PlannedFile } from './file-wishes.ts';
import { type OutgoingFile, transcodedFile } from './transcoded-file.ts';

/** What became of the files of an answer; known in full when the last one was sent. */
export interface Outcome {
  /** Instances that could not be given and are not in the answer. */
  leftOut: number;
  /** Files with text of the index that their character set could not hold. */
  approximated: number;
}

export interface Sending {
  readonly values: IndexValues | undefined;
  readonly isGone: () => boolean;
}

/** Opens one file. Fails with UNPROCESSABLE, FRAME_UNREADABLE, NOT_ACCEPTABLE or OBJECT_DAMAGED when that instance can't be given. */
export async function openFile(
  web: FileWork,
  { entry, target }: Pick<PlannedFile, 'entry' | 'target'>,
  sending: Sending,
): Promise<OutgoingFile> {
  if (target !== undefined) return transcodedFile(web, entry, { ...sending, target });
  const objects = await withStart(verifiedReader(pieceReader(web.objects, web.pieces), entry, web.objects), entry);
  const coerced = await coercedFile({ objects, scratch: web.scratch, heavy: web.heavy }, entry, sending.values);
  return {
    transferSyntaxUid: entry.transferSyntaxUid,
    sizeBytes: coerced?.sizeBytes ?? entry.sizeBytes,
    bytes: coerced?.bytes ?? instanceBytes(objects, entry),
    isApproximated: (coerced?.approximated.length ?? 0) > 0,
    discard: async () => coerced?.discard(),
  };
}

/** Failures that are the instance's own: its neighbours still come (PS3.18 10.4.3). Anything else ends the answer, so that it is asked for again. */
export const isItsOwn = (error: unknown): error is Failure =>
  error instanceof Failure && ['UNPROCESSABLE', 'FRAME_UNREADABLE', 'NOT_ACCEPTABLE'].includes(error.code);

export interface NamedFile {
  readonly entry: InstanceEntry;
  readonly seriesInstanceUid: string;
  readonly file: OutgoingFile;
}

/** Making a file anew costs memory and processor: it waits until the one in front is sent. */
const isStored = ({ target }: PlannedFile): boolean => target === undefined;

/**
 * Opens file after file; those that can't be given are left out and counted. When nothing at all can be given it fails as the last one did.
 */
async function* openFiles(
  web: Dicomweb,
  planned: AsyncIterable<PlannedFile> | Iterable<PlannedFile>,
  sending: Sending,
  outcome: Outcome,
): AsyncGenerator<NamedFile> {
  let sent = 0;
  let last: Failure | undefined;
  // One that is known to be damaged is left out; what turns out to be ends the answer, and is left out when it is asked for again.
  const open = async (one: PlannedFile): Promise<OutgoingFile | undefined> =>
    (await web.objects.isDamaged(one.entry.id)) ? undefined : openFile(web, one, sending);
  const opening = oneAhead(planned, open, { isLight: isStored, drop: (file) => void file?.discard() });
  for await (const { item: one, result } of opening) {
    let file: OutgoingFile | undefined;
    try {
      file = await result;
    } catch (error) {
      if (!isItsOwn(error)) throw error;
      outcome.leftOut += 1;
      last = error;
      continue;
    }
    if (file === undefined) {
      outcome.leftOut += 1;
      last = new Failure('OBJECT_DAMAGED');
      continue;
    }
    sent += 1;
    if (file.isApproximated) outcome.approximated += 1;
    try {
      yield { entry: one.entry, seriesInstanceUid: one.seriesInstanceUid, file };
    } finally {
      await file.discard();
    }
  }
  if (sent === 0 && last !== undefined) throw last;
}

export interface OpenedFiles {
  readonly files: AsyncGenerator<NamedFile>;
  /** Gives back what the files hold, at the end of the answer or whenever it breaks off. */
  close(): Promise<void>;
}

/** The files with the first one opened already, so that an answer without any is an error and no empty success. */
export async function openAll(
  web: Dicomweb,
  planned: AsyncIterable<PlannedFile> | Iterable<PlannedFile>,
  sending: Sending,
  outcome: Outcome,
): Promise<OpenedFiles> {
  const rest = openFiles(web, planned, sending, outcome);
  const first = await rest.next();
  async function* files(): AsyncGenerator<NamedFile> {
    if (first.done === true) return;
    yield first.value;
    yield* rest;
  }
  return {
    files: files(),
    close: async () => {
      await rest.return(undefined);
    },
  };
}

/** Warning header or trailer field (RFC 9111 5.5, PS3.18 8.5.3) for what is not as asked for; undefined when everything is. */
export function warningOf({ leftOut, approximated }: Outcome): string | undefined {
  const said = [
    ...(leftOut > 0 ? [`${leftOut} instances could not be given as requested and are left out`] : []),
    ...(approximated > 0 ? [APPROXIMATED] : []),
  ];
  return said.length === 0 ? undefined : `299 negatoscope "${said.join('; ')}"`;
}

/** What was known to be left out before the answer began is told by 206 and Warning (PS3.18 10.4.3), what turns out while it is sent by a trailer. */
export function tellOutcome(reply: FastifyReply, outcome: Outcome, known: string | undefined): void {
  if (known !== undefined) void reply.code(206).header('warning', known);
  reply.trailer('warning', (_reply, _body, done) => {
    const warning = warningOf(outcome);
    // Fastify leaves a trailer out when it is given an error.
    if (warning === undefined || warning === known) done(new Error('nothing to tell'), '');
    else done(null, warning);
  });
}
