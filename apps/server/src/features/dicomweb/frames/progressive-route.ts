import type { Actor } from '../../../access/index.ts';
import type { RawHandler, Router } from '../../../access/router.ts';
import { Failure } from '../../../kernel/failure.ts';
import { HTJ2K_RPCL } from '../../../platform/codecs/encodable.ts';
import { acceptedRanges, matchesType } from '../accept.ts';
import { instanceOf, type Params, paramsOf, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { beginRange } from './bulkdata.ts';
import { parseFrameList } from './frames.ts';

const MEDIA_TYPE = 'image/jphc';

/** A frame of the path in that form, its use on record, and what its answer says of it. Fails as {@link progressiveHandler} does. */
export async function progressiveFrame(web: Dicomweb, actor: Actor, params: Params) {
  const entry = await instanceOf(web, actor, params, 'frames');
  await web.heldBack.require(actor, entry);
  const { count } = await web.locator.frameTable(entry);
  const [frame, ...others] = parseFrameList(params.frames ?? '', count);
  if (frame === undefined || others.length > 0) throw new Failure('BAD_REQUEST', { detail: 'One frame at a time.' });
  return {
    entry,
    make: async () => {
      const { bytes, digest, decodedBytes } = await web.progressive(entry, frame);
      const headers = {
        'content-type': `${MEDIA_TYPE}; transfer-syntax=${HTJ2K_RPCL}`,
        'accept-ranges': 'bytes',
        etag: `"${digest}"`,
        // Parts of frames are put together by the page, and are gone with it.
        'cache-control': 'private, no-store',
        'negatoscope-derived-from': `${entry.transferSyntaxUid}; length=${decodedBytes}`,
      };
      return { bytes, headers };
    },
  };
}

/**
 * One grey frame in a form of ours, made of the stored one: HTJ2K without loss, the lowest resolution first, so that each beginning of it is a picture.
 * Byte ranges (RFC 9110 14), a strong validator. `Negatoscope-Derived-From` names the stored transfer syntax and the bytes of the frame when it is
 * decoded. Under the rules of frames; 406 for frames that are compressed as they are, in colour, or lossy.
 */
const progressiveHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    const frame = await progressiveFrame(web, actor, paramsOf(request));
    if (!acceptedRanges(request, searchOf(request)).some((range) => !range.multipart && matchesType(range, MEDIA_TYPE)))
      throw new Failure('NOT_ACCEPTABLE');
    const { bytes, headers } = await frame.make();
    void reply.headers(headers);
    const part = beginRange(request, reply, bytes.length);
    return part === undefined ? reply.send() : reply.send(bytes.subarray(part.start, part.end));
  };

export function registerProgressive(router: Router, web: Dicomweb): void {
  const path = '/studies/:study/series/:series/instances/:instance/frames/:frames/progressive';
  for (const [prefix, suffix] of [
    ['/dicom-web', ''],
    ['/dicom-web/groups/:group', 'OfGroup'],
  ] as const)
    router.raw(
      { id: `progressiveFrame${suffix}`, method: 'GET', path: prefix + path, permission: 'studies.read' },
      progressiveHandler(web),
    );
}
