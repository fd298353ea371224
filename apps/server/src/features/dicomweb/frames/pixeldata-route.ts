import type { Actor } from '../../../access/index.ts';
import type { RawHandler } from '../../../access/router.ts';
import type { InstanceEntry } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { holdBytes } from '../../../platform/sending/held-bytes.ts';
import { acceptedRanges, type MediaRange } from '../accept.ts';
import { isItsOwn, type Outcome, tellOutcome, warningOf } from '../files/outgoing-files.ts';
import { baseOf, paramsOf, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { hasBareForm } from './bare.ts';
import { OCTETS, type OctetPart, sendParts, targets, wantedSeries } from './bulkdata-route.ts';
import { encodableFrames, type FrameType, negotiateFrames } from './frames.ts';
import { frameAs, frameContentType, leavesBare, unnamedFor } from './frames-route.ts';

/** One instance whose frames are sent, and in what form. */
interface PlannedFrames {
  readonly entry: InstanceEntry;
  readonly url: string;
  readonly type: FrameType;
}

/** The form in which the frames of one instance go: as stored or decoded where that is taken, else in another compression. Fails with NOT_ACCEPTABLE. */
async function frameTypeFor(
  web: Dicomweb,
  actor: Actor,
  entry: InstanceEntry,
  ranges: readonly MediaRange[],
): Promise<FrameType> {
  const type = await negotiated(web, entry, ranges);
  const isStored = !type.isDecoded && type.isEncoded !== true;
  if (isStored && leavesBare(actor, entry) && !hasBareForm(entry.transferSyntaxUid)) throw new Failure('NOT_ACCEPTABLE');
  return type;
}

async function negotiated(web: Dicomweb, entry: InstanceEntry, ranges: readonly MediaRange[]): Promise<FrameType> {
  try {
    return negotiateFrames(ranges, entry);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'NOT_ACCEPTABLE') throw error;
    return negotiateFrames(ranges, entry, await encodableFrames(web, entry, ranges));
  }
}

interface Wanted {
  readonly actor: Actor;
  readonly isOneInstance: boolean;
  readonly ranges: readonly MediaRange[];
  readonly all: AsyncIterable<{ entry: InstanceEntry; url: string }>;
}

interface Plan {
  readonly frames: readonly PlannedFrames[];
  /** Instances whose frames can't come in any wanted form. */
  readonly leftOut: number;
}

/** Decides on every instance before anything is sent. Fails when there are some and none can come as wanted, as the last of them does. */
async function planFrames(web: Dicomweb, { actor, isOneInstance, ranges, all }: Wanted): Promise<Plan> {
  const frames: PlannedFrames[] = [];
  let leftOut = 0;
  let last: Failure | undefined;
  for await (const { entry, url } of all) {
    if (isOneInstance) await web.heldBack.require(actor, entry);
    if (entry.frames === 0 || !(await web.heldBack.isShown(actor, entry))) continue;
    try {
      if (await web.objects.isDamaged(entry.id)) throw new Failure('OBJECT_DAMAGED');
      const type = await frameTypeFor(web, actor, entry, ranges);
      frames.push({ entry, url, type });
    } catch (error) {
      if (!isItsOwn(error) && !(error instanceof Failure && error.code === 'OBJECT_DAMAGED')) throw error;
      leftOut += 1;
      last = error;
    }
  }
  if (frames.length === 0 && last !== undefined) throw last;
  return { frames, leftOut };
}

/** A frame that can't be made, or whose bytes spell a name: the instance ends there. */
const isLeftOut = (error: unknown): error is Failure =>
  isItsOwn(error) || (error instanceof Failure && error.code === 'HELD_BACK');

/** The frames as parts, one in memory at a time. An instance of which one can't be made is left out from there on, and counted. */
async function* frameParts(
  web: Dicomweb,
  actor: Actor,
  frames: readonly PlannedFrames[],
  outcome: Outcome,
): AsyncGenerator<OctetPart> {
  let sent = 0;
  let last: Failure | undefined;
  for (const { entry, url, type } of frames) {
    const make = async (frame: number) =>
      frameAs(web, entry, type, { frame, requireUnnamed: await unnamedFor(web, actor, entry) });
    for (let frame = 0; frame < entry.frames; frame += 1) {
      const made = await make(frame).catch((error: unknown) => {
        if (!isLeftOut(error)) throw error;
        last = error;
        return undefined;
      });
      if (made === undefined) {
        outcome.leftOut += 1;
        break;
      }
      const held = await holdBytes(web.scratch, made);
      sent += 1;
      try {
        yield { contentType: frameContentType(type), location: `${url}/frames/${frame + 1}`, bytes: held.pieces() };
      } finally {
        await held.end();
      }
    }
  }
  if (sent === 0 && last !== undefined) throw last;
}

/**
 * Every frame of a study, series or instance (PS3.18 10.4.1.1.5, pixeldata), in the form that the client accepts, whatever transfer syntaxes are
 * mixed in it. What can't come so is told before the first byte: 406 when it is all, 206 with a Warning when it is a part (PS3.18 10.4.3).
 */
export const pixeldataHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    const params = paramsOf(request);
    const list = await wantedSeries(web, actor, params);
    const ranges = acceptedRanges(request, searchOf(request)).map((range) => ({ ...range, multipart: true }));
    const isOneInstance = params.instance !== undefined;
    const all = targets(web, list, { params, base: baseOf(web, request, params) });
    const { frames, leftOut } = await planFrames(web, { actor, isOneInstance, ranges, all });
    if (frames.length === 0 && isOneInstance) throw new Failure('NOT_FOUND');
    for (const series of list.slice(0, 1)) await web.use(actor, series, 'frames');
    const outcome: Outcome = { leftOut, approximated: 0 };
    tellOutcome(reply, outcome, warningOf(outcome));
    void reply.header('cache-control', 'private, no-cache').header('vary', 'accept');
    return sendParts(reply, frames[0]?.type.mediaType ?? OCTETS, frameParts(web, actor, frames, outcome));
  };
