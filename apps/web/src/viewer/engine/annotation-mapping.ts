import { AngleTool, LengthTool, ProbeTool, type Types } from '@cornerstonejs/tools';
import type { AnnotationGeometry, AnnotationKind } from '@negatoscope/contract';
import { cross } from '../model/geometry.ts';
import type { FrameModel } from '../model/study-model.ts';
import { toImage, toWorld } from './library.ts';

/** The library's tool for each kind that this viewer draws; others are kept, and shown once there is a tool for them. */
const TOOL_OF: Partial<Readonly<Record<AnnotationKind, string>>> = {
  LENGTH: LengthTool.toolName,
  ANGLE: AngleTool.toolName,
  PROBE: ProbeTool.toolName,
};

export const toolOf = (kind: AnnotationKind): string | undefined => TOOL_OF[kind];

/** The kind that a tool of the library draws; undefined for what is not kept. */
export function kindOf(toolName: string): AnnotationKind | undefined {
  const found = Object.entries(TOOL_OF).find(([, name]) => name === toolName)?.[0];
  return found as AnnotationKind | undefined; // A key of the table.
}

/** What the library has drawn, in pixels of its frame. */
export function geometryOf(measurement: Types.Annotation, frame: FrameModel): AnnotationGeometry {
  const points = measurement.data.handles?.points ?? [];
  return { space: 'PIXEL', points: points.flatMap((world) => [...toImage(frame, world)]) };
}

const worldPoints = ({ points }: AnnotationGeometry, frame: FrameModel): ReturnType<typeof toWorld>[] =>
  Array.from({ length: points.length / 2 }, (_, index) => toWorld(frame, [points[2 * index] ?? 0, points[2 * index + 1] ?? 0]));

/** The group in which the library looks for what is drawn on a frame. */
export const groupOf = (frame: FrameModel): string => frame.frameOfReferenceUid ?? frame.imageId;

/** An annotation as the library draws it on this frame; undefined for what it has no tool for, or no place. */
export function toLibrary(
  { id, kind, geometry }: { readonly id: string; readonly kind: AnnotationKind; readonly geometry: AnnotationGeometry },
  frame: FrameModel,
): Types.Annotation | undefined {
  const toolName = toolOf(kind);
  if (toolName === undefined || geometry.space !== 'PIXEL') return undefined;
  const { row, column } = frame.orientation ?? { row: [1, 0, 0] as const, column: [0, 1, 0] as const };
  const [x, y, z] = cross(row, column);
  const points = worldPoints(geometry, frame);
  return {
    annotationUID: id,
    highlighted: false,
    isLocked: false,
    isVisible: true,
    invalidated: true,
    metadata: {
      toolName,
      FrameOfReferenceUID: groupOf(frame),
      referencedImageId: frame.imageId,
      viewPlaneNormal: [-x, -y, -z],
      viewUp: [-column[0], -column[1], -column[2]],
    },
    data: {
      label: '',
      cachedStats: {},
      handles: {
        points,
        activeHandleIndex: null,
        textBox: { hasMoved: false, worldPosition: [0, 0, 0], worldBoundingBox: emptyBox() },
      },
    },
  } as Types.Annotation; // As the library's own tools make them.
}

const emptyBox = () => ({
  topLeft: [0, 0, 0],
  topRight: [0, 0, 0],
  bottomLeft: [0, 0, 0],
  bottomRight: [0, 0, 0],
});

/** Moves what is drawn to where it is kept. */
export function moveTo(measurement: Types.Annotation, geometry: AnnotationGeometry, frame: FrameModel): void {
  const { handles } = measurement.data;
  if (handles === undefined) return;
  handles.points = worldPoints(geometry, frame);
  measurement.invalidated = true;
}
