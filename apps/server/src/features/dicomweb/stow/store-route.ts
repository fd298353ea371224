import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RawHandler } from '../../../access/router.ts';
import { Failure } from '../../../kernel/failure.ts';
import { acceptedRanges, matchesType, parseParameters } from '../accept.ts';
import { JSON_TYPE, XML_TYPE } from '../dataset-answer.ts';
import type { IncomingFile, StoredFile } from '../ports.ts';
import { baseOf, groupOf, NO_GROUP, paramsOf, searchOf, uid } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { relatedParts, relatedType } from './multipart-related.ts';
import { partsAsFiles } from './parts-as-files.ts';
import { datasetsAsFiles, type Intake } from './store-datasets.ts';
import { answerText, type StowAnswer, stowAnswer } from './stow.ts';

async function* onlyFile(request: FastifyRequest): AsyncGenerator<IncomingFile> {
  yield { name: 'part-1', stream: request.raw };
}

/** What comes with the request, as files; `intake` fills with what else there is to tell of it. */
function filesOf(web: Dicomweb, request: FastifyRequest, intake: Intake): AsyncIterable<IncomingFile> {
  const header = request.headers['content-type'];
  if (parseParameters(header ?? '').type === 'application/dicom') return onlyFile(request);
  const { boundary, rootType } = relatedType(header);
  const parts = relatedParts(request.raw, boundary);
  if (rootType === 'application/dicom') return partsAsFiles(parts, intake.refused);
  if (rootType === JSON_TYPE || rootType === XML_TYPE) return datasetsAsFiles(web, parts, intake);
  throw new Failure('UNSUPPORTED_MEDIA_TYPE', {
    detail: 'Instances are stored as application/dicom, or as metadata with bulk data.',
  });
}

function answerForm(request: FastifyRequest): 'json' | 'xml' {
  for (const range of acceptedRanges(request, searchOf(request))) {
    if (matchesType(range, JSON_TYPE) || matchesType(range, 'application/json')) return 'json';
    if (matchesType(range, XML_TYPE)) return 'xml';
  }
  throw new Failure('NOT_ACCEPTABLE');
}

/** A short answer in one piece. */
async function send(reply: FastifyReply, form: 'json' | 'xml', answer: StowAnswer): Promise<FastifyReply> {
  const type = form === 'json' ? JSON_TYPE : XML_TYPE;
  void reply.code(answer.status).header('cache-control', 'private, no-store').header('content-type', type);
  const text = answerText(answer, form);
  const first = await text.next();
  const second = await text.next();
  if (first.done === true || second.done === true) return reply.send(Buffer.from(first.value ?? ''));
  const rest = (async function* () {
    yield first.value;
    yield second.value;
    yield* text;
  })();
  return reply.send(Readable.from(rest, { objectMode: false }));
}

/** STOW-RS (PS3.18 10.5): files, or metadata with bulk data in JSON or XML. */
export const storeHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    const form = answerForm(request);
    const params = paramsOf(request);
    const study = params.study === undefined ? undefined : uid(params.study);
    const group = groupOf(params.group);
    const target = {
      ...(group === undefined ? {} : { groupId: group === NO_GROUP ? null : group }),
      ...(study === undefined ? {} : { studyInstanceUid: study }),
    };
    const intake: Intake = { refused: [], coerced: new Set() };
    const stored = await web.ingest(actor, target, filesOf(web, request, intake));
    const told = (file: StoredFile, index: number): StoredFile =>
      intake.coerced.has(index) ? { ...file, isCoerced: true } : file;
    const files = (intake.coerced.size === 0 ? stored : stored.map(told)).concat(intake.refused);
    return send(reply, form, await stowAnswer(files, baseOf(web, request, params)));
  };
