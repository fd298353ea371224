import { Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import type { ShownAnnotation } from '../annotations/study-annotations.ts';
import { DRAWS } from '../engine/tools.ts';
import { IconButton } from '../parts/controls.tsx';
import type { PlaceOf } from './key-frames.ts';
import { Coming, Nothing, Section } from './section.tsx';
import type { FrameTarget } from './use-jump.ts';
import { usePlaceText } from './use-place-text.ts';

interface MeasurementsSectionProps {
  readonly items: readonly ShownAnnotation[];
  readonly isKnown: boolean;
  readonly canWrite: boolean;
  /** What an annotation says beside its kind, as far as it is known here. */
  readonly linesOf: (item: ShownAnnotation) => readonly string[];
  readonly placeOf: PlaceOf;
  readonly onJump: (target: FrameTarget & { readonly id: string }) => void;
  readonly onRemove: (id: string) => void;
}

const MOST_SHOWN = 200;

type Measured = ShownAnnotation & { readonly kind: Exclude<ShownAnnotation['kind'], 'KEY_IMAGE'> };
const KINDS: ReadonlySet<string> = new Set(Object.values(DRAWS));
const isMeasured = (item: ShownAnnotation): item is Measured => KINDS.has(item.kind);
/** Kinds that came with a version of the server after that of this page. */
const isUnknown = ({ kind }: ShownAnnotation): boolean => kind !== 'KEY_IMAGE' && !KINDS.has(kind);

/** Everything that is drawn, whoever drew it; a press goes to its frame. */
export function MeasurementsSection({ items, isKnown, canWrite, linesOf, placeOf, onJump, onRemove }: MeasurementsSectionProps) {
  const t = useText('viewer');
  const placeText = usePlaceText(placeOf);
  const measured = items.filter(isMeasured);
  const unknown = items.filter(isUnknown).length;
  return (
    <Section
      title={t('panel.measurements')}
      aside={measured.length > 0 && <span className="text-(--ng-text-dim) text-xs tabular-nums">{measured.length}</span>}
    >
      {measured.length === 0 && !isKnown && <Coming />}
      {measured.length === 0 && isKnown && <Nothing>{t(canWrite ? 'panel.noMeasurements' : 'panel.noMeasurementsHere')}</Nothing>}
      <ul className="flex flex-col" data-testid="measurements">
        {measured.slice(0, MOST_SHOWN).map((item) => (
          <li key={item.id} className="flex items-center gap-1">
            <Button
              className="ng-viewer-target flex min-w-0 grow cursor-pointer flex-col items-start rounded px-1.5 py-1 text-left outline-none data-hovered:bg-(--ng-surface-2) data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent)"
              onPress={() => onJump(item)}
            >
              <span className="flex w-full justify-between gap-2 text-(--ng-text-dim) text-xs">
                <span>{t(`panel.kind_${item.kind}`)}</span>
                <span className="shrink-0">{placeText(item)}</span>
              </span>
              {linesOf(item).map((line, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of one annotation have no other name.
                <span key={at} className="w-full truncate text-sm" title={line}>
                  {line}
                </span>
              ))}
            </Button>
            {item.mayChange && <IconButton icon={Trash2} label={t('actions.delete')} onPress={() => onRemove(item.id)} />}
          </li>
        ))}
      </ul>
      {unknown > 0 && <Nothing>{t('panel.otherVersion', { count: unknown })}</Nothing>}
      {measured.length > MOST_SHOWN && <Nothing>{t('panel.more', { count: measured.length - MOST_SHOWN })}</Nothing>}
    </Section>
  );
}
