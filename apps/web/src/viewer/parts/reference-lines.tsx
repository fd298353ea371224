import type { Pane, PaneSnapshot } from '../engine/index.ts';
import { referenceLine } from '../model/reference-lines.ts';
import { usePaneValue } from './use-pane-snapshot.ts';

interface ReferenceLineProps {
  /** The pane whose plane is drawn. */
  readonly cutting: Pane | undefined;
  /** The pane over which the line lies. */
  readonly snapshot: PaneSnapshot;
}

/** Where the image of another pane, the active one, cuts this one. */
export function ReferenceLine({ cutting: pane, snapshot }: ReferenceLineProps) {
  const cutting = usePaneValue(pane, ({ frame }) => frame);
  const { frame, place } = snapshot;
  const line = cutting === undefined || frame === undefined ? undefined : referenceLine(cutting, frame);
  if (line === undefined || place === undefined) return null;
  const { origin, i, j } = place;
  const at = ([x, y]: readonly [number, number]) => [origin[0] + x * i[0] + y * j[0], origin[1] + x * i[1] + y * j[1]] as const;
  const [from, to] = [at(line.from), at(line.to)];
  return (
    <svg aria-hidden data-testid="reference-line" className="pointer-events-none absolute inset-0 size-full">
      <line
        x1={from[0]}
        y1={from[1]}
        x2={to[0]}
        y2={to[1]}
        stroke="var(--ng-info)"
        strokeWidth={1.25}
        strokeDasharray="6 4"
        opacity={0.9}
      />
    </svg>
  );
}
