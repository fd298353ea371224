import { TOOL_GROUPS, type ToolGroup } from './tool-icons.ts';
import type { ButtonWidths } from './use-fitting.ts';

/** How the toolbar lies: beside the patient's line, below it, or below it on a phone. */
export type ToolbarForm = 'one row' | 'two rows' | 'phone';

/** From this width on the tools have room beside the patient's line, px. */
const ONE_ROW = 1024;
const PHONE = 640;

export const toolbarForm = (width: number): ToolbarForm => (width >= ONE_ROW ? 'one row' : width >= PHONE ? 'two rows' : 'phone');

/** One place of the toolbar: a group of tools, or something that is done. */
export type Slot<A> = { readonly width: number } & (
  | { readonly kind: 'tools'; readonly group: ToolGroup }
  | { readonly kind: 'action'; readonly action: A }
);

/** What a thumb needs at hand, first what it needs most: tools by the first of their group, and what is done by its id. */
export const TOUCH_FIRST: readonly string[] = ['scroll', 'window', 'zoom', 'length', 'reset', 'pan'];

/** The places of the toolbar in the order in which they get room. On a phone a group is one button, and its other tools stand in the menu. */
export function slotsOf<A extends { readonly id: string }>(
  others: readonly A[],
  form: ToolbarForm,
  { button, chevron }: ButtonWidths,
): Slot<A>[] {
  const widthOf = (group: ToolGroup): number => button + ('name' in group && form !== 'phone' ? chevron : 0);
  const tools = TOOL_GROUPS.map((group): Slot<A> => ({ kind: 'tools', group, width: widthOf(group) }));
  const actions = others.map((action): Slot<A> => ({ kind: 'action', action, width: button }));
  const all = [...tools, ...actions];
  if (form === 'one row') return all;
  const isReset = (slot: Slot<A>): boolean => slot.kind === 'action' && slot.action.id === 'reset';
  if (form === 'two rows') return [...tools, ...actions.filter(isReset), ...actions.filter((slot) => !isReset(slot))];
  const placeOf = (slot: Slot<A>): number => {
    const at = TOUCH_FIRST.indexOf(slot.kind === 'tools' ? slot.group.tools[0] : slot.action.id);
    return at < 0 ? TOUCH_FIRST.length : at;
  };
  return all
    .map((slot, index) => ({ slot, index }))
    .sort((a, b) => placeOf(a.slot) - placeOf(b.slot) || a.index - b.index)
    .map(({ slot }) => slot);
}
