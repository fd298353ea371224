export const LAYOUTS = ['1x1', '1x2', '2x2'] as const;
export type LayoutId = (typeof LAYOUTS)[number];

export const PANE_COUNT: Readonly<Record<LayoutId, number>> = { '1x1': 1, '1x2': 2, '2x2': 4 };

/** On a narrow, tall page two views lie one above the other. */
export const LAYOUT_CLASS: Readonly<Record<LayoutId, string>> = {
  '1x1': 'grid-cols-1 grid-rows-1',
  '1x2': 'grid-cols-1 grid-rows-2 @2xl:grid-cols-2 @2xl:grid-rows-1',
  '2x2': 'grid-cols-2 grid-rows-2',
};
