import { useMemo } from 'react';
import { useText } from '../../i18n/index.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { Section } from '../panel/section.tsx';
import type { Layer, LayerItem, LayersState } from './layer.ts';
import { concerns } from './planes.ts';

interface LayersSectionProps {
  readonly layers: LayersState;
  /** The series of the active pane. */
  readonly series?: SeriesModel | undefined;
}

/** What can be laid over the images: each by its name and colour, all of them together, and how much shows through. */
export function LayersSection({ layers: state, series }: LayersSectionProps) {
  const t = useText('viewer');
  const { layers, failed, isLoading } = state;
  if (layers.length === 0 && failed.length === 0 && !isLoading) return null;
  return (
    <Section title={t('layers.title')}>
      <div className="flex flex-col gap-2 text-sm" data-testid="layers">
        {layers.map((layer) => (
          <LayerList key={layer.sopInstanceUid} {...{ layer, state, series }} />
        ))}
        {isLoading && <p role="status">{t('layers.loading')}</p>}
        {failed.map(({ seriesInstanceUid, title }) => (
          <p key={seriesInstanceUid} className="text-(--ng-amber) text-xs">
            {`${title ?? t('series.unnamed')} : ${t('layers.failed')}`}
          </p>
        ))}
        {layers.length > 0 && <Opacity state={state} />}
      </div>
    </Section>
  );
}

interface OfStateProps {
  readonly state: LayersState;
}
interface OfLayerProps extends OfStateProps {
  readonly layer: Layer;
}

/** How much of the images shows through. */
function Opacity({ state: { opacity, setOpacity } }: OfStateProps) {
  const t = useText('viewer');
  return (
    <label className="flex items-center gap-2 text-(--ng-text-dim) text-xs">
      {t('layers.opacity')}
      <input
        type="range"
        min={0.1}
        max={1}
        step={0.05}
        value={opacity}
        className="h-4 min-w-0 grow accent-(--ng-accent)"
        onChange={({ target }) => setOpacity(Number(target.value))}
      />
    </label>
  );
}

/** The parts of one segmentation, structure set or dose. */
function LayerList({ layer, state, series }: OfLayerProps & Pick<LayersSectionProps, 'series'>) {
  const t = useText('viewer');
  const isElsewhere = useMemo(
    () => series !== undefined && series.frames.length > 0 && !concerns(layer, series.frames),
    [layer, series],
  );
  return (
    <fieldset className="min-w-0 border-0 p-0">
      <LayerHead {...{ layer, state }} />
      {isElsewhere && layer.items.some(({ id }) => state.shown.has(id)) && (
        <p role="status" className="text-(--ng-amber) text-xs">
          {t('layers.absent')}
        </p>
      )}
      <ul className="max-h-60 overflow-auto">
        {layer.items.map((item) => (
          <Item key={item.id} {...{ item, state }} hasColor={layer.kind === 'segmentation' || layer.kind === 'structures'} />
        ))}
      </ul>
    </fieldset>
  );
}

/** What it is, and all of its parts at once. */
function LayerHead({ layer, state: { shown, setShown } }: OfLayerProps) {
  const t = useText('viewer');
  const ids = layer.items.map(({ id }) => id);
  const areAll = ids.every((id) => shown.has(id));
  return (
    <legend className="flex w-full items-center gap-2 text-(--ng-text-dim) text-xs">
      <span className="min-w-0 grow break-words">{[t(`layers.${layer.kind}`), layer.title].filter(Boolean).join(' · ')}</span>
      {ids.length > 1 && (
        <button
          type="button"
          className="ng-viewer-target shrink-0 rounded px-1 text-(--ng-accent) underline underline-offset-2 outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent)"
          onClick={() => setShown(ids, !areAll)}
        >
          {t(areAll ? 'layers.hideAll' : 'layers.showAll')}
        </button>
      )}
    </legend>
  );
}

interface ItemProps extends OfStateProps {
  readonly item: LayerItem;
  /** A dose has the colours of its scale. */
  readonly hasColor: boolean;
}
function Item({ item: { id, name, color, missing = 0 }, state: { shown, toggle }, hasColor }: ItemProps) {
  const t = useText('viewer');
  return (
    <li>
      <label className="ng-viewer-target flex cursor-pointer items-center gap-2 rounded px-1 hover:bg-(--ng-surface-2)">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-(--ng-accent)"
          checked={shown.has(id)}
          onChange={() => toggle(id)}
        />
        {hasColor && (
          <span
            aria-hidden
            className="size-3 shrink-0 rounded-sm border border-black"
            style={{ background: `rgb(${color.join(' ')})` }}
          />
        )}
        <span className="min-w-0 break-words">{name ?? t('layers.unnamed')}</span>
      </label>
      {missing > 0 && (
        <p role="status" className="px-1 text-(--ng-amber) text-xs">
          {t('layers.missing', { count: missing })}
        </p>
      )}
    </li>
  );
}
