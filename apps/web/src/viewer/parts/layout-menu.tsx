import type { HangingLayout } from '@negatoscope/contract';
import type { StudyKind } from '@negatoscope/dicom';
import { Grid2x2, type LucideIcon, RotateCcw, Save, SaveAll } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import { type Grid, MAX_SIDE } from '../model/desk.ts';
import { buttonClass, Hint } from './controls.tsx';
import { DESK_KEYS, keyName } from './desk-keys.ts';
import { useKeptHanging } from './use-hanging-rules.ts';

export interface LayoutMenuProps {
  readonly grid: Grid;
  readonly isTiled: boolean;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onGrid: (grid: Grid) => void;
  /** The series of the active pane, slice after slice. */
  readonly onTiles: (grid: Grid) => void;
  /** What kind of study this is, for what is kept. */
  readonly kind: StudyKind;
  /** The group of the study, whose site a kept rule is of. */
  readonly groupId: string | undefined;
  /** What is on the screen, as it is kept; undefined where nothing hangs, or tiles do. */
  readonly layoutNow: () => HangingLayout | undefined;
}

/** Chooses how many panes there are, up to four by four, by mouse, finger or arrow keys. */
export function LayoutMenu({ isOpen, onOpen, ...props }: LayoutMenuProps) {
  const t = useText('viewer');
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={onOpen}>
      <Hint label={t('layout.choose')} shortcut={keyName(t, DESK_KEYS.layout)}>
        <Button aria-label={t('layout.choose')} className={buttonClass}>
          <Grid2x2 size={18} aria-hidden />
          <span aria-hidden className="text-xs">
            {props.grid.rows}×{props.grid.columns}
          </span>
        </Button>
      </Hint>
      <Popover
        data-theme="dark"
        placement="bottom start"
        className="ng-viewer-popover rounded-md border border-(--ng-line) bg-(--ng-surface-2) p-3 text-(--ng-text) text-sm shadow-xl"
      >
        <Dialog aria-label={t('layout.choose')} className="outline-none">
          <Picker {...props} onDone={() => onOpen(false)} />
          <Keep {...props} onDone={() => onOpen(false)} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const within = (side: number): number => Math.min(MAX_SIDE, Math.max(1, side));

type PickerProps = Pick<LayoutMenuProps, 'grid' | 'isTiled' | 'onGrid' | 'onTiles'> & { readonly onDone: () => void };

function Picker({ grid, isTiled, onGrid, onTiles, onDone }: PickerProps) {
  const t = useText('viewer');
  const [wanted, setWanted] = useState(grid);
  const [areTiles, setAreTiles] = useState(isTiled);
  const choose = (chosen: Grid): void => {
    if (areTiles) onTiles(chosen);
    else onGrid(chosen);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = ARROWS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setWanted(({ rows, columns }) => ({ rows: within(rows + step[0]), columns: within(columns + step[1]) }));
  };
  return (
    <div className="flex flex-col gap-3">
      <Kinds areTiles={areTiles} onChange={setAreTiles} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from cell to cell. */}
      <div className="mx-auto grid w-fit grid-cols-4 gap-1" onKeyDown={onKeyDown} onPointerLeave={() => setWanted(grid)}>
        {Array.from({ length: MAX_SIDE * MAX_SIDE }, (_, at) => {
          const cell = { rows: Math.floor(at / MAX_SIDE) + 1, columns: (at % MAX_SIDE) + 1 };
          return <Cell key={`${cell.rows} ${cell.columns}`} {...{ cell, wanted }} onWant={setWanted} onChoose={choose} />;
        })}
      </div>
      <p aria-live="polite" className="text-center text-(--ng-text-dim) text-xs">
        {t('layout.size', { ...wanted })}
      </p>
    </div>
  );
}

function Kinds({ areTiles, onChange }: { readonly areTiles: boolean; readonly onChange: (areTiles: boolean) => void }) {
  const t = useText('viewer');
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="sr-only">{t('layout.kind')}</legend>
      {([false, true] as const).map((kind) => (
        <label key={String(kind)} className="flex items-center gap-2">
          <input
            type="radio"
            name="ng-layout-kind"
            className="accent-(--ng-accent)"
            checked={areTiles === kind}
            onChange={() => onChange(kind)}
          />
          {t(kind ? 'layout.tiles' : 'layout.series')}
        </label>
      ))}
    </fieldset>
  );
}

interface CellProps {
  readonly cell: Grid;
  readonly wanted: Grid;
  readonly onWant: (grid: Grid) => void;
  readonly onChoose: (grid: Grid) => void;
}

function Cell({ cell, wanted, onWant, onChoose }: CellProps) {
  const t = useText('viewer');
  const ref = useRef<HTMLButtonElement>(null);
  const isWanted = cell.rows === wanted.rows && cell.columns === wanted.columns;
  const isInside = cell.rows <= wanted.rows && cell.columns <= wanted.columns;
  useEffect(() => {
    if (isWanted) ref.current?.focus({ preventScroll: true });
  }, [isWanted]);
  return (
    <button
      ref={ref}
      type="button"
      tabIndex={isWanted ? 0 : -1}
      aria-label={t('layout.size', { ...cell })}
      className={`size-9 rounded border outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent) pointer-coarse:size-11 ${
        isInside ? 'border-(--ng-accent) bg-(--ng-accent)/30' : 'border-(--ng-line) bg-(--ng-bg)'
      }`}
      onPointerEnter={() => onWant(cell)}
      onClick={() => onChoose(cell)}
    />
  );
}

type KeepProps = Pick<LayoutMenuProps, 'kind' | 'groupId' | 'layoutNow' | 'isTiled'> & { readonly onDone: () => void };

/** Keeps what is on the screen for studies of this kind, for oneself or the site, and takes it back. */
function Keep({ kind, groupId, layoutNow, isTiled, onDone }: KeepProps) {
  const t = useText('viewer');
  const { rule, maySaveForSite, save, forget } = useKeptHanging(kind, groupId);
  const region = kind.region === undefined ? t('hanging.anyRegion') : t(`hanging.region_${kind.region}`);
  const keep = (level: 'OWN' | 'SITE') => (): void => {
    const layout = layoutNow();
    if (layout !== undefined) save(level, layout);
    onDone();
  };
  const mayForget = rule !== undefined && (rule.level === 'OWN' || maySaveForSite);
  return (
    <section className="mt-3 flex max-w-60 flex-col gap-1 border-(--ng-line) border-t pt-3">
      <h3 className="text-(--ng-text-dim) text-xs">{t('hanging.title', { modality: kind.modality, region })}</h3>
      <KeepButton icon={Save} text={t('hanging.saveOwn')} isDisabled={isTiled} onPress={keep('OWN')} />
      {maySaveForSite && <KeepButton icon={SaveAll} text={t('hanging.saveSite')} isDisabled={isTiled} onPress={keep('SITE')} />}
      {mayForget && (
        <KeepButton
          icon={RotateCcw}
          text={t(rule.level === 'OWN' ? 'hanging.forgetOwn' : 'hanging.forgetSite')}
          onPress={() => {
            forget();
            onDone();
          }}
        />
      )}
    </section>
  );
}

interface KeepButtonProps {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

const KeepButton = ({ icon: Icon, text, isDisabled = false, onPress }: KeepButtonProps) => (
  <Button className={`${buttonClass} justify-start! gap-2! px-2 text-(--ng-text)`} isDisabled={isDisabled} onPress={onPress}>
    <Icon size={16} aria-hidden />
    {text}
  </Button>
);
