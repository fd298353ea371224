import type { AnnotationKind } from '@negatoscope/contract';
import type { GraphicType } from '@negatoscope/dicom';
import { useMemo, useState } from 'react';
import type { ImagePlace, PaneSnapshot } from '../engine/index.ts';
import type { PixelPoint } from '../model/calibration.ts';
import type { OwnedMark } from '../model/foreign-documents.ts';
import { type MarkIndex, pointsOn } from '../model/foreign-marks.ts';
import { LINE_HEIGHT, pathOf, shapeOf, textPlace } from '../model/shapes.ts';

/** What looks the same among what is drawn here. */
const LIKE: Readonly<Record<GraphicType, AnnotationKind>> = {
  POINT: 'PROBE',
  MULTIPOINT: 'PROBE',
  POLYLINE: 'LENGTH',
  POLYGON: 'FREEHAND',
  CIRCLE: 'ELLIPSE',
  ELLIPSE: 'ELLIPSE',
};

/** A circle by the ends of two of its diameters. */
function endsOf(type: GraphicType, points: readonly PixelPoint[]): readonly PixelPoint[] {
  const [middle, edge] = points;
  if (type !== 'CIRCLE' || middle === undefined || edge === undefined) return points;
  const [x, y] = middle;
  const radius = Math.hypot(edge[0] - x, edge[1] - y);
  return [
    [x - radius, y],
    [x + radius, y],
    [x, y - radius],
    [x, y + radius],
  ];
}

interface ForeignMarksProps {
  readonly marks: MarkIndex<OwnedMark>;
  readonly snapshot: PaneSnapshot;
  readonly hasTexts: boolean;
}

const TEXT_PX = 12;
const ANYWHERE = { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };

/** What reports of others have drawn on the frame that is shown: dashed, named after its report, and nothing that could be moved. */
export function ForeignMarks({ marks, snapshot: { frame, place }, hasTexts }: ForeignMarksProps) {
  const [size, setSize] = useState(ANYWHERE);
  const drawn = useMemo(() => {
    if (frame === undefined) return [];
    return [...(marks.byImage.get(frame.sopInstanceUid) ?? []), ...marks.inSpace].flatMap(({ mark, title }) => {
      const points = pointsOn(mark, frame);
      const { type } = mark.graphic;
      return points === undefined
        ? []
        : [{ kind: LIKE[type], points: endsOf(type, points), lines: [...mark.lines, `SR · ${title}`] }];
    });
  }, [marks, frame]);
  if (drawn.length === 0 || place === undefined) return null;
  return (
    <svg
      ref={(svg) => {
        if (svg !== null && svg.clientWidth !== size.width) setSize({ width: svg.clientWidth, height: svg.clientHeight });
      }}
      data-testid="foreign-marks"
      aria-hidden
      className="ng-foreign pointer-events-none absolute inset-0 size-full"
    >
      {drawn.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what a report has drawn has no other name, and never changes.
        <ForeignMark key={index} {...{ one, place, size, hasTexts }} />
      ))}
    </svg>
  );
}

interface Drawn {
  readonly kind: AnnotationKind;
  readonly points: readonly PixelPoint[];
  readonly lines: readonly string[];
}

interface ForeignMarkProps {
  readonly one: Drawn;
  readonly place: ImagePlace;
  /** Of the pane, CSS px. */
  readonly size: typeof ANYWHERE;
  readonly hasTexts: boolean;
}

function ForeignMark({ one: { kind, points, lines }, place: { origin, i, j }, size, hasTexts }: ForeignMarkProps) {
  const at = ([x, y]: PixelPoint): PixelPoint => [origin[0] + x * i[0] + y * j[0], origin[1] + x * i[1] + y * j[1]];
  const shape = shapeOf(kind, points.map(at));
  const text = textPlace(shape, lines, TEXT_PX, size);
  const x = text.anchor === 'start' ? text.x : text.x + text.width;
  const rows = lines.map((line, row) => ({ line, y: text.y + (row + 0.8) * TEXT_PX * LINE_HEIGHT }));
  return (
    <g>
      <path d={pathOf(shape.lines)} />
      {hasTexts && (
        <text textAnchor={text.anchor} fontSize={TEXT_PX}>
          {rows.map(({ line, y }) => (
            <tspan key={y} x={x} y={y}>
              {line}
            </tspan>
          ))}
        </text>
      )}
    </g>
  );
}
