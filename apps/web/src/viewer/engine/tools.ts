import type { AnnotationKind } from '@negatoscope/contract';

/** What a pointer can do on an image, in the order of the toolbar. */
export const TOOLS = [
  'scroll',
  'window',
  'zoom',
  'pan',
  'magnify',
  'length',
  'bidirectional',
  'cardiothoracic',
  'angle',
  'cobb',
  'ellipse',
  'rectangle',
  'freehand',
  'arrow',
  'text',
  'spine',
  'probe',
] as const;
export type ToolId = (typeof TOOLS)[number];

/** What is drawn with a tool; the others draw nothing. */
export const DRAWS: Partial<Readonly<Record<ToolId, AnnotationKind>>> = {
  length: 'LENGTH',
  bidirectional: 'BIDIRECTIONAL',
  cardiothoracic: 'CARDIOTHORACIC',
  angle: 'ANGLE',
  cobb: 'COBB',
  ellipse: 'ELLIPSE',
  rectangle: 'RECTANGLE',
  freehand: 'FREEHAND',
  arrow: 'ARROW',
  text: 'TEXT',
  spine: 'SPINE_LABEL',
  probe: 'PROBE',
};

/** Tools that may stand on a mouse button beside the chosen one. */
export const BUTTON_TOOLS = ['scroll', 'window', 'zoom', 'pan', 'magnify', 'length'] as const satisfies readonly ToolId[];

/** What the buttons of a mouse and its wheel do; the left button is the chosen tool. */
export interface MouseBindings {
  readonly middle: ToolId;
  readonly right: ToolId;
  readonly wheel: 'scroll' | 'zoom';
}

export const USUAL_BINDINGS: MouseBindings = { middle: 'pan', right: 'zoom', wheel: 'scroll' };
