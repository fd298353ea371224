import { useLetters } from '../parts/use-letters.ts';
import { endsOf } from './grip.ts';
import type { Look, Point, Size } from './look.ts';
import type { SlideDrawing } from './use-slide-drawing.ts';

interface MarksOverProps {
  readonly drawing: SlideDrawing;
  readonly look: Look;
  readonly size: Size;
}

const CROSS_PX = 9;
const END_PX = 4;

/** What is measured on a slide, over it: lines, and beside each what it says. */
export function MarksOver({ drawing: { marks, linesOf, draft, tool, isHeld, isUnderMiddle }, look, size }: MarksOverProps) {
  const place = ({ x, y }: Point): Point => ({
    x: size.width / 2 + (x - look.x) * look.scale,
    y: size.height / 2 + (y - look.y) * look.scale,
  });
  const [x, y] = [size.width / 2, size.height / 2];
  return (
    <svg aria-hidden data-testid="slide-marks" className="pointer-events-none absolute inset-0 size-full overflow-hidden">
      {marks.map((mark) => {
        const { item, points } = mark;
        const ends = endsOf(mark).map(place);
        return (
          <Mark key={item.id} {...{ ends }} points={points.map(place)} isClosed={item.kind !== 'LENGTH'} lines={linesOf(item)} />
        );
      })}
      {draft !== undefined && <Mark points={draft.map(place)} ends={[]} isClosed={false} lines={[]} />}
      {(tool !== 'move' || isHeld || isUnderMiddle) && (
        <path
          d={`M${x - CROSS_PX} ${y}H${x + CROSS_PX}M${x} ${y - CROSS_PX}V${y + CROSS_PX}`}
          stroke="var(--ng-accent)"
          strokeOpacity={0.8}
          fill="none"
        />
      )}
    </svg>
  );
}

const written = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

interface MarkProps {
  readonly points: readonly Point[];
  /** By which it is held. */
  readonly ends: readonly Point[];
  readonly isClosed: boolean;
  readonly lines: readonly string[];
}

/** A slide is light or dark: each line has a rim that tells it from what lies below. */
function Mark({ points, ends, isClosed, lines }: MarkProps) {
  const letters = useLetters();
  const d = `M${points.map(written).join('L')}${isClosed ? 'Z' : ''}`;
  // A length has its words beside its right end, an outline below: both may begin at one place.
  const [right] = [...points].sort((a, b) => (isClosed ? b.y - a.y : b.x - a.x));
  const [dx, dy] = isClosed ? [0, 20 * letters] : [8, 0];
  return (
    <g data-mark fill="none" strokeLinejoin="round" strokeLinecap="round">
      <path d={d} stroke="rgb(0 0 0 / 0.75)" strokeWidth={4} />
      <path d={d} stroke="var(--ng-measure, #ffd84d)" strokeWidth={1.75} />
      {ends.map(({ x, y }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ends have no other name.
        <circle key={at} cx={x} cy={y} r={END_PX} fill="rgb(0 0 0 / 0.6)" stroke="var(--ng-measure, #ffd84d)" strokeWidth={1.5} />
      ))}
      {right !== undefined && (
        <text
          x={right.x + dx}
          y={right.y + dy}
          fontSize={13 * letters}
          fill="#ffd84d"
          stroke="rgb(0 0 0 / 0.85)"
          strokeWidth={3}
          paintOrder="stroke"
        >
          {lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name.
            <tspan key={at} x={right.x + dx} dy={at === 0 ? 0 : 16 * letters}>
              {line}
            </tspan>
          ))}
        </text>
      )}
    </g>
  );
}
