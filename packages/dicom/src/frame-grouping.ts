import { DicomError } from './errors.ts';
import type { Fragments } from './frame-scan.ts';
import type { FrameWarningCode } from './frame-table.ts';
import { ITEM_HEADER_BYTES } from './offset-table.ts';

/**
 * Decides which fragments make which frame. In order: a Basic Offset Table that names as many frames as announced and points at items; as many
 * fragments as frames; a single frame; as many image markers as frames. Answers with the index of each frame's first fragment, and last with
 * the number of fragments. Fails with FRAME_COUNT_MISMATCH when nothing tells. Source: PS3.5 A.4.
 */
export function groupFragments(fragments: Fragments, announced: number, warnings: Set<FrameWarningCode>): number[] {
  const total = fragments.offsets.length;
  if (total === 0) {
    warnings.add('FRAME_COUNT_MISMATCH');
    return [0];
  }
  const byTable = fromOffsetTable(fragments);
  if (byTable === undefined && fragments.offsetTable.length > 0) warnings.add('OFFSET_TABLE_INVALID');
  if (byTable !== undefined && byTable.length - 1 === announced) return byTable;
  if (byTable !== undefined) warnings.add('OFFSET_TABLE_INVALID');
  if (total === announced) return oneEach(total);
  if (announced === 1) return [0, total];
  const byMarker = fromMarkers(fragments);
  if (byMarker !== undefined && byMarker.length - 1 === announced) return byMarker;
  warnings.add('FRAME_COUNT_MISMATCH');
  if (byTable !== undefined && byTable.length > 2) return byTable;
  if (total < announced) return oneEach(total);
  if (byMarker !== undefined && byMarker.length - 1 === total) return oneEach(announced);
  throw new DicomError('FRAME_COUNT_MISMATCH', { fragments: total, announced });
}

function oneEach(count: number): number[] {
  return Array.from({ length: count + 1 }, (_, index) => index);
}

function fromOffsetTable(fragments: Fragments): number[] | undefined {
  const { offsetTable, offsets, base } = fragments;
  if (offsetTable.length === 0 || offsetTable[0] !== 0) return undefined;
  const starts: number[] = [];
  let fragment = 0;
  for (const entry of offsetTable) {
    const wanted = base + entry + ITEM_HEADER_BYTES;
    while (fragment < offsets.length && (offsets[fragment] ?? 0) < wanted) fragment += 1;
    if (offsets[fragment] !== wanted || starts.at(-1) === fragment) return undefined;
    starts.push(fragment);
  }
  starts.push(offsets.length);
  return starts;
}

function fromMarkers(fragments: Fragments): number[] | undefined {
  if (fragments.startsImage[0] !== true) return undefined;
  const starts: number[] = [];
  for (const [index, isStart] of fragments.startsImage.entries()) if (isStart) starts.push(index);
  starts.push(fragments.offsets.length);
  return starts;
}
