import { type DicomJsonObject, jsonNumber, jsonString, jsonStrings, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { type Actor, seesIdentity } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import { filling } from '../../kernel/filling-cache.ts';
import type { DicomJson } from '../search/qido-repository.ts';
import type { Locator } from './locate.ts';
import type { InstanceEntry } from './series-table.ts';

/** Screens, photographs, endoscopy and ultrasound: what usually has the patient's name in its pixels. */
const TYPED_ON = new Set(['SC', 'US', 'IVUS', 'XC', 'OT', 'ES']);
/** The same by class (PS3.4 B.5): secondary capture, ultrasound, endoscopic and photographic images. */
const TYPED_ON_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(7(\.[1-4])?|3(\.1)?|6(\.[12])?|77\.1\.[14](\.1)?)$/;
const PIXELS = ['7FE00008', '7FE00009', '7FE00010'];

type Classes = Pick<InstanceEntry, 'sopClassUid' | 'transferSyntaxUid'>;

/** Whether words may stand in the pixels: said so, or not denied where they are usual (PS3.3 C.7.6.1, Burned In Annotation). */
function mayNameSomebody(json: DicomJsonObject, sopClassUid: string): boolean {
  const said = jsonString(json, '00280301')?.trim().toUpperCase();
  if (said === 'NO') return false;
  const isScreen = jsonStrings(json, '00080064').length > 0;
  return (said ?? '') !== '' || isScreen || TYPED_ON.has(jsonString(json, '00080060') ?? '') || TYPED_ON_CLASS.test(sopClassUid);
}

/** Overlay planes in unused bits of the pixels (PS3.5 8.1.2) leave with every stored frame. */
const hasEmbeddedOverlay = (json: DicomJsonObject): boolean =>
  Object.keys(json).some(
    (tag) =>
      /^60[0-9A-F][02468ACE]0102$/.test(tag) &&
      ((jsonNumber(json, tag) ?? 0) > 0 || json[`${tag.slice(0, 4)}3000`] === undefined),
  );

/** Whether nobody could tell by looking at its frames that a picture names nobody: video, what is no picture, and overlays in unused bits of the pixels. */
export function isBeyondLooking(stored: DicomJson | DicomJsonObject, transferSyntaxUid: string): boolean {
  const json = stored as DicomJsonObject; // Written by ingest, from what the same reader gives.
  const isVideo = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType.startsWith('video/') === true;
  return isVideo || !PIXELS.some((tag) => json[tag] !== undefined) || hasEmbeddedOverlay(json);
}

/** Whether who sees pseudonyms gets nothing of an instance but its attributes: documents, reports, sound, video, and images that may name somebody. */
export function isHeldBack(stored: DicomJson | DicomJsonObject, { sopClassUid, transferSyntaxUid }: Classes): boolean {
  const json = stored as DicomJsonObject; // Written by ingest, from what the same reader gives.
  return isBeyondLooking(json, transferSyntaxUid) || mayNameSomebody(json, sopClassUid);
}

const INSTANCE_AVAILABILITY = '00080056';

/** The attributes of what is held back, in lists of instances and in metadata: no pixels to ask for, and Instance Availability (PS3.3 C.4.23.1.1) says so. */
export const withoutPixels = (json: DicomJson): DicomJson => ({
  ...Object.fromEntries(Object.entries(json).filter(([tag]) => !tag.startsWith('7FE0'))),
  [INSTANCE_AVAILABILITY]: { vr: 'CS', Value: ['UNAVAILABLE'] },
});

export interface HeldBack {
  /** Whether this actor gets the pixels of the instance. */
  isShown(actor: Actor, entry: InstanceEntry): Promise<boolean>;
  /** Fails with HELD_BACK when not. */
  require(actor: Actor, entry: InstanceEntry): Promise<void>;
}

const MAX_KNOWN = 200_000;

/** Reads an instance's header once to tell; stored instances never change. */
export function createHeldBack(locator: Locator): HeldBack {
  const known = new LRUCache<string, boolean>(filling(MAX_KNOWN));
  const isHeld = async (entry: InstanceEntry): Promise<boolean> => {
    const remembered = known.get(entry.key);
    if (remembered !== undefined) return remembered;
    const held = isHeldBack((await locator.header(entry)).json, entry);
    known.set(entry.key, held);
    return held;
  };
  const isShown = async (actor: Actor, entry: InstanceEntry): Promise<boolean> => seesIdentity(actor) || !(await isHeld(entry));
  return {
    isShown,
    require: async (actor, entry) => {
      if (!(await isShown(actor, entry))) throw new Failure('HELD_BACK');
    },
  };
}
