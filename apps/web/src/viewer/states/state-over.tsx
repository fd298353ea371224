import {
  isInScope,
  type PresentationState,
  pathOfGraphic,
  piecesOfGraphic,
  placeText,
  type Rgb,
  type StateAnnotation,
  type StateGraphic,
  type ToPane,
  toPaneOf,
  withinLength,
} from '@negatoscope/dicom';
import { useMemo } from 'react';
import type { ImagePlace, PaneSnapshot } from '../engine/index.ts';
import type { FrameModel } from '../model/study-model.ts';
import { useLetters } from '../parts/use-letters.ts';

/** What a presentation state has drawn over the frame that is shown: only where all of the state is applied. */
export function StateOver({ snapshot: { frame, place, state, stateStanding } }: { readonly snapshot: PaneSnapshot }) {
  if (state === undefined || stateStanding !== 'applied' || frame === undefined || place === undefined) return null;
  return <Drawn {...{ state, frame, place }} />;
}

interface DrawnProps {
  readonly state: PresentationState;
  readonly frame: FrameModel;
  readonly place: ImagePlace;
}

function Drawn({ state, frame, place }: DrawnProps) {
  const letters = useLetters();
  // As far as `/rendered` goes: fifty thousand lines across a film held the page for a minute.
  const own = useMemo(() => {
    const isDrawn = withinLength(state, frame);
    const annotations = state.annotations.filter(({ scope }) => isInScope(scope, frame));
    return annotations.map((annotation) => ({ ...annotation, graphics: annotation.graphics.filter(isDrawn) }));
  }, [state, frame]);
  if (own.length === 0) return null;
  const toPane = toPaneOf(state, frame, place);
  return (
    <svg data-testid="state-over" aria-hidden className="pointer-events-none absolute inset-0 size-full overflow-hidden">
      {own.map((annotation, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what a state has drawn has no other name, and never changes.
        <Annotation key={index} {...{ annotation, toPane, letters }} />
      ))}
    </svg>
  );
}

const inkOf = (color: Rgb): string => `rgb(${color.join(' ')})`;
/** What is dark is told from the dark by a light rim. */
const rimOf = ([red, green, blue]: Rgb): string => (red + green + blue < 300 ? 'rgb(255 255 255 / 0.8)' : 'rgb(0 0 0 / 0.8)');

interface GraphicProps {
  readonly graphic: StateGraphic;
  readonly toPane: ToPane;
  readonly ink: string;
  readonly rim: string;
}
/** In pieces: what a browser needs for one line grows with the square of its points. No rim lies over the ink of another piece. */
function Graphic({ graphic, toPane, ink, rim }: GraphicProps) {
  const pieces = piecesOfGraphic(graphic, toPane);
  const lines = (stroke: string, width: number) =>
    pieces.map((d, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above.
      <path key={index} d={d} stroke={stroke} strokeWidth={width} fill="none" />
    ));
  return (
    <g strokeLinejoin="round" strokeLinecap={pieces.length > 1 ? 'round' : 'butt'} data-kind={graphic.kind}>
      {lines(rim, 3.5)}
      {graphic.isFilled && <path d={pathOfGraphic(graphic, toPane)} fill={ink} />}
      {lines(ink, 1.5)}
    </g>
  );
}

interface AnnotationProps {
  readonly annotation: StateAnnotation;
  readonly toPane: ToPane;
  /** How many times as large as usual letters are. */
  readonly letters: number;
}
function Annotation({ annotation, toPane, letters }: AnnotationProps) {
  const { graphics, texts, color } = annotation;
  const [ink, rim] = [inkOf(color), rimOf(color)];
  return (
    <g data-layer={annotation.layer}>
      {graphics.map((graphic, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        <Graphic key={index} {...{ graphic, toPane, ink, rim }} />
      ))}
      {texts.map((text, index) => {
        const { lines, x, y, size, lineHeight, align, anchor } = placeText(text, toPane, letters);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <g key={index}>
            {anchor !== undefined && (
              <line x1={anchor.from[0]} y1={anchor.from[1]} x2={anchor.to[0]} y2={anchor.to[1]} stroke={ink} strokeWidth={1.25} />
            )}
            <text x={x} y={y} fontSize={size} textAnchor={align} fill={ink} stroke={rim} strokeWidth={3} paintOrder="stroke">
              {lines.map((line, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above.
                <tspan key={at} x={x} dy={at === 0 ? 0 : lineHeight}>
                  {line}
                </tspan>
              ))}
            </text>
          </g>
        );
      })}
    </g>
  );
}
