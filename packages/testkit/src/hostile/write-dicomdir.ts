import type { Dataset } from '../part10/dataset.ts';
import { encodeElements } from '../part10/elements.ts';
import { SopClass, TransferSyntax } from '../part10/transfer-syntax.ts';
import { writePart10 } from '../part10/writer.ts';
import { type Seed, seededUid } from '../prng.ts';

export interface RecordNode {
  readonly dataset: Dataset;
  readonly children: readonly RecordNode[];
}

const LAYOUT = { isExplicit: true, isBigEndian: false, isDeflated: false };
const META: Dataset = { MediaStorageSOPClassUID: SopClass.mediaStorageDirectory };

/** A directory record (PS3.3 F.3.2.2); the offsets are of fixed size, so that a record's length does not depend on them. */
function recordDataset(node: RecordNode, next: number, lower: number): Dataset {
  return {
    OffsetOfTheNextDirectoryRecord: next,
    RecordInUseFlag: 0xffff,
    OffsetOfReferencedLowerLevelDirectoryEntity: lower,
    ...node.dataset,
  };
}

/** Records in file order: each followed by those below it. */
function flatten(nodes: readonly RecordNode[]): RecordNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)]);
}

/** Writes a DICOMDIR over a tree of records, with next and lower-level offsets from the start of the file (PS3.10 8.6, PS3.3 F.3). */
export function writeDicomdir(roots: readonly RecordNode[], seed: Seed): Uint8Array {
  const header = (first: number, last: number): Dataset => ({
    FileSetID: 'TESTKIT',
    OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity: first,
    OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity: last,
    FileSetConsistencyFlag: 0,
  });
  const options = {
    transferSyntaxUid: TransferSyntax.explicitVrLittleEndian,
    metaElements: { ...META, MediaStorageSOPInstanceUID: seededUid(seed, 'dicomdir') },
  };
  const records = flatten(roots);
  const offsets = new Map<RecordNode, number>();
  let offset = writePart10({ ...header(0, 0), DirectoryRecordSequence: { vr: 'SQ', value: [] } }, options).length;
  for (const node of records) {
    offsets.set(node, offset);
    offset += 8 + Buffer.concat(encodeElements(recordDataset(node, 0, 0), LAYOUT, { text: 'utf8' })).length;
  }
  const offsetOf = (node: RecordNode | undefined): number => (node ? (offsets.get(node) ?? 0) : 0);
  const next = new Map<RecordNode, RecordNode | undefined>();
  const link = (siblings: readonly RecordNode[]): void => {
    siblings.forEach((node, index) => {
      next.set(node, siblings[index + 1]);
      link(node.children);
    });
  };
  link(roots);
  const items = records.map((node) => recordDataset(node, offsetOf(next.get(node)), offsetOf(node.children[0])));
  const dataset = {
    ...header(offsetOf(roots[0]), offsetOf(roots.at(-1))),
    DirectoryRecordSequence: { vr: 'SQ', value: items },
  } as const;
  return writePart10(dataset, options);
}
