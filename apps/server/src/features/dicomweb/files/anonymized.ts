import type { FastifyReply } from 'fastify';
import { type Actor, requirePermission } from '../../../access/index.ts';
import { deidentifiedFile, NotDeidentified, onceHash, substitutesOf } from '../../../archive/deidentified/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { openStart, verifiedReader } from '../../../platform/objects/store/index.ts';
import { pieceReader } from '../../../platform/sending/piece-memory.ts';
import { SentBody } from '../../../platform/sending/sent-body.ts';
import { sharedPiece } from '../../../platform/sending/shared-piece.ts';
import { fileContentType } from '../multipart-answer.ts';
import { instanceOf, type Params } from '../request.ts';
import type { Dicomweb } from '../service.ts';

interface Answering {
  readonly reply: FastifyReply;
  /** The transfer syntax that is asked for, if any. */
  readonly syntax: string | null;
}

/**
 * One file without its patient's identity (PS3.18 9.1.2, PS3.15 Annex E), under UIDs and a pseudonym that this one answer has. Fails with FORBIDDEN, with
 * HELD_BACK for what can't be cleared with certainty, with NOT_ACCEPTABLE for another transfer syntax than it then has.
 */
export async function sendAnonymized(
  web: Dicomweb,
  actor: Actor,
  params: Params,
  { reply, syntax }: Answering,
): Promise<FastifyReply> {
  requirePermission(actor, 'exports.anonymised');
  const entry = await instanceOf(web, actor, params, 'retrieve');
  const verified = verifiedReader(pieceReader(web.objects, web.pieces), entry, web.objects);
  const { objects, start } = await openStart(verified, entry);
  const wish = { profile: { options: new Set<never>() }, substitutes: substitutesOf(onceHash(), entry.id) };
  const file = await deidentifiedFile(objects, entry, wish).catch((error: unknown) => {
    throw error instanceof NotDeidentified ? new Failure('HELD_BACK', { cause: error }) : error;
  });
  // Nothing of it waits aside: nobody has decided about its pixels here.
  if (syntax !== null && syntax !== '*' && syntax !== file.transferSyntaxUid) throw new Failure('NOT_ACCEPTABLE');
  const { parts, taken } = sharedPiece(web.pieces, start, file.bytes);
  return reply
    .header('cache-control', 'private, no-store')
    .header('content-type', fileContentType(file.transferSyntaxUid))
    .header('content-disposition', `attachment; filename="${file.sopInstanceUid}.dcm"`)
    .header('content-length', file.sizeBytes)
    .send(new SentBody(parts, taken));
}
