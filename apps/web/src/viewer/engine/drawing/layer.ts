import type { AnnotationKind } from '@negatoscope/contract';
import { type Affine, isSameAffine, mapped } from '../../model/affine.ts';
import type { PixelPoint } from '../../model/calibration.ts';
import { type Box, LINE_HEIGHT, leaderOf, pathOf, type Shape, shapeOf, type TextPlace, textPlace } from '../../model/shapes.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** One annotation as it is to be seen. */
export interface Figure {
  readonly id: string;
  readonly kind: AnnotationKind;
  /** In pixels of the image. */
  readonly points: readonly PixelPoint[];
  readonly lines: readonly string[];
  /** The middle of its text where somebody has moved that; undefined has it beside the drawing. */
  readonly textAt?: PixelPoint | undefined;
  readonly state: 'plain' | 'hovered' | 'selected' | 'pending';
}

interface Node {
  readonly group: SVGGElement;
  readonly helpers: SVGPathElement;
  readonly path: SVGPathElement;
  readonly handles: SVGPathElement;
  readonly text: SVGTextElement;
  figure: Figure | undefined;
  box: TextPlace | undefined;
}

/** What was drawn, for pictures of it. */
export interface DrawnFigure {
  readonly state: Figure['state'];
  readonly shape: Shape;
  readonly lines: readonly string[];
  readonly text: TextPlace;
}

const HANDLE_PX = 4;

function add<Name extends 'svg' | 'g' | 'path' | 'text' | 'tspan'>(
  to: Element,
  name: Name,
  className?: string,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  if (className !== undefined) element.setAttribute('class', className);
  to.append(element);
  return element;
}

function newNode(root: SVGSVGElement): Node {
  const group = add(root, 'g');
  return {
    group,
    helpers: add(group, 'path', 'ng-drawn-helper'),
    path: add(group, 'path', 'ng-drawn-line'),
    handles: add(group, 'path', 'ng-drawn-handles'),
    text: add(group, 'text'),
    figure: undefined,
    box: undefined,
  };
}

const circles = (points: readonly PixelPoint[]): string =>
  points.map(([x, y]) => `M${(x - HANDLE_PX).toFixed(1)} ${y.toFixed(1)}a4 4 0 1 0 8 0a4 4 0 1 0-8 0`).join('');

/** What can be taken hold of where it is selected: what lies within a line, no tool that draws there takes hold of by mistake. */
const handlesOf = ({ handles, grip }: Shape, { state }: Figure): readonly PixelPoint[] =>
  state === 'selected' && grip !== undefined ? [...handles, grip] : handles;

const isSameFigure = (a: Figure | undefined, b: Figure): boolean =>
  a !== undefined && a.points === b.points && a.state === b.state && a.lines === b.lines && a.textAt === b.textAt;

/** The drawings over one image: a few elements for each annotation of the frame that is shown, touched only when it changes or the image moves. */
export class DrawingLayer {
  readonly #root: SVGSVGElement;
  readonly #nodes = new Map<string, Node>();
  #toPane: Affine | undefined;
  #size: readonly [number, number] = [0, 0];
  #textSize = 0;

  constructor(element: HTMLElement) {
    this.#root = add(element, 'svg', 'ng-drawn');
    this.#root.setAttribute('aria-hidden', 'true');
  }

  remove(): void {
    this.#root.remove();
  }

  /** `textSize` in CSS px. Gives how many annotations had to be painted. */
  show(figures: readonly Figure[], toPane: Affine | undefined, textSize: number): number {
    const size = [this.#root.clientWidth, this.#root.clientHeight] as const;
    const isStill =
      toPane !== undefined &&
      this.#toPane !== undefined &&
      isSameAffine(this.#toPane, toPane) &&
      this.#textSize === textSize &&
      size[0] === this.#size[0] &&
      size[1] === this.#size[1];
    this.#toPane = toPane;
    this.#textSize = textSize;
    this.#size = size;
    const shown = new Set<string>();
    let painted = 0;
    for (const figure of toPane === undefined ? [] : figures) {
      shown.add(figure.id);
      const node = this.#nodes.get(figure.id) ?? newNode(this.#root);
      this.#nodes.set(figure.id, node);
      if (isStill && isSameFigure(node.figure, figure)) continue;
      this.#paint(node, figure);
      painted += 1;
    }
    for (const [id, { group }] of this.#nodes) {
      if (shown.has(id)) continue;
      group.remove();
      this.#nodes.delete(id);
    }
    return painted;
  }

  textBox(id: string): Box | undefined {
    return this.#nodes.get(id)?.box;
  }

  figures(): readonly DrawnFigure[] {
    return [...this.#nodes.values()].flatMap(({ figure, box }) =>
      figure === undefined || box === undefined
        ? []
        : [{ state: figure.state, shape: this.#withLeader(figure, box), lines: figure.lines, text: box }],
    );
  }

  #shapeOf({ kind, points }: Figure): Shape {
    const toPane = this.#toPane;
    return shapeOf(kind, toPane === undefined ? [] : points.map((point) => mapped(toPane, point)));
  }

  /** The shape with the line to its text, where that was moved. */
  #withLeader(figure: Figure, box: TextPlace): Shape {
    const shape = this.#shapeOf(figure);
    return figure.textAt === undefined ? shape : { ...shape, helpers: [...shape.helpers, ...leaderOf(shape, box)] };
  }

  #paint(node: Node, figure: Figure): void {
    const [width, height] = this.#size;
    const [toPane, textAt] = [this.#toPane, figure.textAt];
    const at = toPane === undefined || textAt === undefined ? undefined : mapped(toPane, textAt);
    const box = textPlace(this.#shapeOf(figure), figure.lines, this.#textSize, { width, height }, at);
    const shape = this.#withLeader(figure, box);
    node.group.dataset.state = figure.state;
    node.path.setAttribute('d', pathOf(shape.lines));
    node.helpers.setAttribute('d', pathOf(shape.helpers));
    node.handles.setAttribute('d', figure.state === 'plain' ? '' : circles(handlesOf(shape, figure)));
    this.#write(node, figure.lines, box);
    node.figure = figure;
    node.box = box;
  }

  /** Lines are texts, never markup. */
  #write({ text, figure }: Node, lines: readonly string[], { x, y, width, anchor }: TextPlace): void {
    const left = anchor === 'start' ? x : x + width;
    if (figure?.lines !== lines || text.childElementCount !== lines.length) {
      text.replaceChildren();
      for (const line of lines) add(text, 'tspan').textContent = line;
    }
    text.setAttribute('text-anchor', anchor);
    text.setAttribute('font-size', String(this.#textSize));
    [...text.children].forEach((line, index) => {
      line.setAttribute('x', left.toFixed(1));
      line.setAttribute('y', (y + (index + 0.8) * LINE_HEIGHT * this.#textSize).toFixed(1));
    });
  }
}
