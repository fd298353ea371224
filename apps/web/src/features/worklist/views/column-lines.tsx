import type { Study } from '@negatoscope/contract';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useText } from '../../../i18n/index.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/column.ts';
import { moved, withColumn, withWidth } from './layout.ts';
import type { Views } from './use-views.ts';

const [LEAST, MOST] = [40, 800];

/** The columns that show, in their order, then the others. */
export function ColumnLines({ views }: { views: Views }) {
  const t = useText('worklist');
  const byId = new Map(views.all.map((column) => [column.id, column]));
  const shown = views.layout.flatMap(({ id }) => byId.get(id) ?? []);
  const others = views.all.filter((column) => !shown.includes(column));
  return (
    <>
      <ul>
        {[...shown, ...others].map((column) => (
          <ColumnLine key={column.id} column={column} views={views} isShown={shown.includes(column)} />
        ))}
      </ul>
      <div className="mt-2">
        <Button size="small" kind="quiet" onPress={() => views.setLayout(null)}>
          {t('columnsReset')}
        </Button>
      </div>
    </>
  );
}

interface LineProps {
  readonly column: Column<Study>;
  readonly views: Views;
  readonly isShown: boolean;
}
function ColumnLine({ column, views, isShown }: LineProps) {
  const t = useText('worklist');
  const { id, header } = column;
  const { layout, setLayout } = views;
  return (
    <li className="flex min-h-10 items-center gap-2 border-b border-line/70 last:border-0">
      <label className="flex min-w-0 flex-1 items-center gap-2.5">
        <input
          type="checkbox"
          className="size-4 accent-accent coarse:size-5"
          aria-label={t('columnShown', { name: header })}
          checked={isShown}
          disabled={isShown && layout.length === 1}
          onChange={(event) => setLayout(withColumn(layout, id, event.target.checked))}
        />
        <span className="truncate">{header}</span>
      </label>
      {isShown && <WidthAndPlace {...{ column, views }} />}
    </li>
  );
}

/** The width that was typed, px, within what a list can show; undefined: as wide as it needs. */
function widthOf(typed: string): number | undefined {
  const wanted = Math.round(Number(typed));
  return typed === '' || Number.isNaN(wanted) ? undefined : Math.min(MOST, Math.max(LEAST, wanted));
}

/** How wide a shown column is, and where it stands. */
function WidthAndPlace({ column: { id, header }, views: { layout, setLayout } }: Omit<LineProps, 'isShown'>) {
  const t = useText('worklist');
  return (
    <>
      <input
        type="number"
        min={LEAST}
        max={MOST}
        step={10}
        className="ng-field ng-field-small tabular shrink-0"
        // The field is as wide as its place by its own class.
        style={{ width: 84 }}
        placeholder="auto"
        aria-label={t('columnWidth', { name: header })}
        defaultValue={layout.find((one) => one.id === id)?.width}
        onBlur={(event) => setLayout(withWidth(layout, id, widthOf(event.target.value)))}
      />
      <IconButton label={t('columnUp', { name: header })} onPress={() => setLayout(moved(layout, id, -1))}>
        <ArrowUp size={15} />
      </IconButton>
      <IconButton label={t('columnDown', { name: header })} onPress={() => setLayout(moved(layout, id, 1))}>
        <ArrowDown size={15} />
      </IconButton>
    </>
  );
}
