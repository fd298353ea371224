import { EXPLICIT_VR_BIG_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from '@negatoscope/dicom';
import type { AgreedContext, ProposedContext } from '@negatoscope/dimse';

/** What an instance is, and how it is stored. */
export interface Kind {
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
}

/** Contexts that one association has room for: odd numbers of a byte (PS3.8 9.3.2.2). */
const MOST_CONTEXTS = 128;
/** In which every node reads datasets, the one that says its VRs first. */
export const PLAIN: readonly string[] = [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN];

/**
 * The transfer syntaxes in which an instance may go, the best first: as it is stored; what is plain may be written in the other form of plain, which loses nothing
 * (PS3.5 A.1, A.2). What is compressed goes as it is or not at all.
 */
export const waysOf = (transferSyntaxUid: string): readonly string[] =>
  PLAIN.includes(transferSyntaxUid) || transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN
    ? [transferSyntaxUid, ...PLAIN.filter((uid) => uid !== transferSyntaxUid)]
    : [transferSyntaxUid];

export const kindKey = ({ sopClassUid, transferSyntaxUid }: Kind): string => `${sopClassUid} ${transferSyntaxUid}`;

/** What one association can carry, and the contexts to propose for it: one transfer syntax each, since of several the other side would take one only. */
export interface Load {
  /** `kindKey` of each. */
  readonly kinds: ReadonlySet<string>;
  readonly contexts: readonly ProposedContext[];
}

/** As few loads as the kinds fit, in their order. */
export function loadsOf(kinds: Iterable<Kind>): Load[] {
  const loads: { kinds: Set<string>; pairs: Map<string, Kind> }[] = [];
  for (const kind of kinds) {
    const pairs = waysOf(kind.transferSyntaxUid).map((transferSyntaxUid) => ({ ...kind, transferSyntaxUid }));
    let load = loads.at(-1);
    const missing = pairs.filter((pair) => load?.pairs.has(kindKey(pair)) !== true).length;
    if (load === undefined || load.pairs.size + missing > MOST_CONTEXTS) {
      load = { kinds: new Set(), pairs: new Map() };
      loads.push(load);
    }
    load.kinds.add(kindKey(kind));
    for (const pair of pairs) load.pairs.set(kindKey(pair), pair);
  }
  return loads.map(({ kinds: carried, pairs }) => ({
    kinds: carried,
    contexts: [...pairs.values()].map(({ sopClassUid, transferSyntaxUid }, index) => ({
      id: 2 * index + 1,
      abstractSyntax: sopClassUid,
      transferSyntaxes: [transferSyntaxUid],
    })),
  }));
}

/** The context in which an instance goes best; undefined where none was agreed for it. */
export function contextFor(
  { sopClassUid, transferSyntaxUid }: Kind,
  contexts: Iterable<AgreedContext>,
): AgreedContext | undefined {
  const ofClass = [...contexts].filter(({ abstractSyntax }) => abstractSyntax === sopClassUid);
  for (const way of waysOf(transferSyntaxUid)) {
    const found = ofClass.find((context) => context.transferSyntax === way);
    if (found !== undefined) return found;
  }
  return undefined;
}
