import { useRef } from 'react';
import { useText } from '../../i18n/index.ts';
import { type MprSession, type MprViewSnapshot, type ScreenPoint, type ShownMeasure, turnedBy } from '../engine/volume/index.ts';
import type { ViewId } from '../model/volume-views.ts';
import { useMprWords } from './mpr-words.ts';

/** A colour for each plane; its trace on the others has it too, and its name stands at the edge of its view. */
export const VIEW_COLOURS: Readonly<Record<ViewId, string>> = {
  axial: 'var(--ng-info)',
  coronal: 'var(--ng-amber)',
  sagittal: 'var(--ng-accent)',
};

/** The crosshair is open in its middle, so that it hides nothing. */
const GAP_PX = 14;
const FAR_PX = 4000;
/** Handles that turn, this far from the point; nearer in small views. */
const HANDLE_PX = 90;
const HANDLE_SHARE = 0.32;

interface MarksProps {
  readonly mpr: MprSession;
  readonly id: ViewId;
  readonly view: MprViewSnapshot;
  readonly size: { readonly width: number; readonly height: number };
  readonly unit: string | undefined;
  readonly draft: readonly [ScreenPoint, ScreenPoint] | undefined;
  readonly hasHandles: boolean;
}

/** The traces of the other planes, what turns them, and what was drawn. */
export function MprMarks({ mpr, id, view, size, unit, draft, hasHandles }: MarksProps) {
  const reach = Math.min(HANDLE_PX, HANDLE_SHARE * Math.min(size.width, size.height));
  return (
    <svg className="pointer-events-none absolute inset-0 h-full w-full overflow-hidden" data-testid={`mpr-marks-${id}`}>
      <title>{id}</title>
      {view.traces.map(({ view: other, direction: [dx, dy] }) => (
        <g key={other} stroke={VIEW_COLOURS[other]} strokeWidth={1.25} data-trace={other}>
          {[-1, 1].map((side) => (
            <line
              key={side}
              x1={view.point[0] + side * GAP_PX * dx}
              y1={view.point[1] + side * GAP_PX * dy}
              x2={view.point[0] + side * FAR_PX * dx}
              y2={view.point[1] + side * FAR_PX * dy}
              opacity={0.8}
            />
          ))}
          {hasHandles &&
            [-1, 1].map((side) => (
              <Handle
                key={side}
                {...{ mpr, id, centre: view.point }}
                at={[view.point[0] + side * reach * dx, view.point[1] + side * reach * dy]}
                colour={VIEW_COLOURS[other]}
              />
            ))}
        </g>
      ))}
      {view.measures.map((measure) => (
        <Measure key={measure.id} measure={measure} unit={unit} />
      ))}
      {draft !== undefined && (
        <g data-testid="mpr-draft">
          <Line from={draft[0]} to={draft[1]} />
        </g>
      )}
    </svg>
  );
}

interface HandleProps {
  readonly mpr: MprSession;
  readonly id: ViewId;
  readonly centre: ScreenPoint;
  readonly at: ScreenPoint;
  readonly colour: string;
}

/** Turns the other planes by a drag about the point. By keys it is done with comma and full stop. */
function Handle({ mpr, id, centre, at, colour }: HandleProps) {
  const t = useText('viewer');
  const last = useRef<ScreenPoint>(undefined);
  const place = (event: React.PointerEvent<SVGCircleElement>): ScreenPoint => {
    const { left = 0, top = 0 } = event.currentTarget.ownerSVGElement?.getBoundingClientRect() ?? {};
    return [event.clientX - left, event.clientY - top];
  };
  const letGo = (): void => {
    last.current = undefined;
  };
  return (
    <circle
      cx={at[0]}
      cy={at[1]}
      r={6}
      fill="#000a"
      stroke={colour}
      strokeWidth={2}
      className="ng-mpr-handle"
      data-testid={`mpr-handle-${id}`}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = place(event);
      }}
      onPointerMove={(event) => {
        if (last.current === undefined) return;
        event.stopPropagation();
        const now = place(event);
        mpr.turn(id, turnedBy(centre, last.current, now));
        last.current = now;
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
    >
      <title>{t('mpr.turn', { name: t(`mpr.views.${id}`) })}</title>
    </circle>
  );
}

const DRAWN = 'rgb(251, 191, 36)';
/** As what is selected on slices. */
const SELECTED = 'rgb(45, 212, 191)';

interface LineProps {
  readonly from: ScreenPoint;
  readonly to: ScreenPoint;
  readonly isSelected?: boolean;
}

function Line({ from, to, isSelected = false }: LineProps) {
  const ink = isSelected ? SELECTED : DRAWN;
  return (
    <g stroke={ink} fill={isSelected ? '#0009' : ink}>
      <line x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} strokeWidth={1.5} />
      {[from, to].map(([x, y], index) => (
        <circle
          key={index === 0 ? 'from' : 'to'}
          cx={x}
          cy={y}
          r={isSelected ? 4 : 2.5}
          {...(!isSelected && { stroke: 'none' })}
        />
      ))}
    </g>
  );
}

interface MeasureProps {
  readonly measure: ShownMeasure;
  readonly unit: string | undefined;
}

function useWritten(text: ShownMeasure['text'], unit: string | undefined): string {
  const words = useMprWords();
  const t = useText('viewer');
  if (text === undefined) return '';
  if (text.kind === 'length') return words.length(text.mm);
  return text.value === undefined ? t('mpr.noValue') : words.value({ point: [0, 0, 0], value: text.value }, unit);
}

function Measure({ measure: { id, points, text, textAt, isSelected }, unit }: MeasureProps) {
  const written = useWritten(text, unit);
  const [first, second] = points;
  if (first === undefined) return null;
  const last = second ?? first;
  const middle = [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2] as const;
  return (
    <g data-measure={id}>
      {second === undefined ? (
        <circle cx={first[0]} cy={first[1]} r={4} fill="none" stroke={isSelected ? SELECTED : DRAWN} />
      ) : (
        <Line from={first} to={last} isSelected={isSelected} />
      )}
      {textAt !== undefined && (
        <line
          x1={middle[0]}
          y1={middle[1]}
          x2={textAt[0]}
          y2={textAt[1]}
          stroke={isSelected ? SELECTED : DRAWN}
          strokeDasharray="3 4"
          opacity={0.7}
        />
      )}
      <text
        x={textAt?.[0] ?? last[0] + 8}
        y={textAt?.[1] ?? last[1] + 14}
        {...(textAt !== undefined && { textAnchor: 'middle', dominantBaseline: 'central' })}
        className="text-[0.8125rem]"
        stroke="#000c"
        strokeWidth={3}
        paintOrder="stroke"
        fill="rgb(253, 224, 132)"
      >
        {written}
      </text>
    </g>
  );
}
