import {
  ArrowUpRight,
  Bone,
  Contrast,
  Diameter,
  DraftingCompass,
  Ellipse,
  Hand,
  HeartPulse,
  Lasso,
  type LucideIcon,
  MousePointerClick,
  MoveVertical,
  RectangleHorizontal,
  Ruler,
  Search,
  Triangle,
  Type,
  ZoomIn,
} from 'lucide-react';
import type { ToolId } from '../engine/index.ts';

export const TOOL_ICONS: Readonly<Record<ToolId, LucideIcon>> = {
  scroll: MoveVertical,
  window: Contrast,
  zoom: ZoomIn,
  pan: Hand,
  magnify: Search,
  length: Ruler,
  bidirectional: Diameter,
  cardiothoracic: HeartPulse,
  angle: Triangle,
  cobb: DraftingCompass,
  ellipse: Ellipse,
  rectangle: RectangleHorizontal,
  freehand: Lasso,
  arrow: ArrowUpRight,
  text: Type,
  spine: Bone,
  probe: MousePointerClick,
};

/** Letters as readers of other viewers know them; those with `⇧` want Shift. */
export const TOOL_KEYS: Readonly<Record<ToolId, string>> = {
  scroll: 'S',
  window: 'W',
  zoom: 'Z',
  pan: 'P',
  magnify: '⇧ Z',
  length: 'L',
  bidirectional: 'B',
  cardiothoracic: '⇧ L',
  angle: 'A',
  cobb: 'C',
  ellipse: 'E',
  rectangle: 'Q',
  freehand: '⇧ E',
  arrow: '⇧ A',
  text: 'X',
  spine: 'U',
  probe: 'D',
};

/** Whether a key is that of a tool; capital letters by Caps Lock are small ones. */
export const isKeyOf = (tool: ToolId, { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): boolean =>
  TOOL_KEYS[tool].at(-1) === key.toUpperCase() && TOOL_KEYS[tool].startsWith('⇧') === shiftKey;

/** Tools that stand at one place of the toolbar, where the one that was used last is shown; those of several have a name. */
export const TOOL_GROUPS = [
  { tools: ['scroll'] },
  { tools: ['window'] },
  { tools: ['zoom'] },
  { tools: ['pan'] },
  { name: 'lengths', tools: ['length', 'bidirectional', 'cardiothoracic'] },
  { name: 'angles', tools: ['angle', 'cobb'] },
  { name: 'regions', tools: ['ellipse', 'rectangle', 'freehand'] },
  { name: 'notes', tools: ['arrow', 'text', 'spine'] },
  { name: 'values', tools: ['probe', 'magnify'] },
] as const satisfies readonly { readonly name?: string; readonly tools: readonly [ToolId, ...ToolId[]] }[];
export type ToolGroup = (typeof TOOL_GROUPS)[number];
