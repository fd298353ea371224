import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import { suvOf } from '@negatoscope/dicom';
import { Link2 } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useLocale, useText } from '../../i18n/index.ts';
import type { LinkState, PaneSnapshot } from '../engine/index.ts';
import { ageAtStudy, formatDate, formatNumber, formatValue } from '../model/format.ts';
import { BETWEEN_PARTS, identityParts } from '../model/identity.ts';
import { lateralityOf, lossOf, viewPositionOf } from '../model/image-marks.ts';
import { BACKDROP, CORNER, EDGE, EDGES } from '../plain/looks.ts';

/** A line that is there only when it says something. */
const Line = ({ children, className = '' }: { readonly children: ReactNode; readonly className?: string }) =>
  children ? <span className={`${BACKDROP} ${className}`}>{children}</span> : null;

/** Who, what and how, in the four corners and on the edges of an image. */
export function PaneOverlay({ snapshot, link }: { readonly snapshot: PaneSnapshot; readonly link: LinkState | undefined }) {
  const { letters } = snapshot;
  return (
    <>
      <PatientCorner snapshot={snapshot} />
      <StudyCorner snapshot={snapshot} />
      <DisplayCorner snapshot={snapshot} isLinked={link !== undefined} />
      <PositionCorner snapshot={snapshot} />
      <span className={`${EDGE} ${EDGES.top}`}>{letters.top}</span>
      <span className={`${EDGE} ${EDGES.right}`}>{letters.right}</span>
      <span className={`${EDGE} ${EDGES.bottom}`}>{letters.bottom}</span>
      <span className={`${EDGE} ${EDGES.left}`}>{letters.left}</span>
      <ScaleBar snapshot={snapshot} />
    </>
  );
}

/** Defined terms of Patient's Sex (PS3.3 C.7.1.1). */
const isSex = (value: string): value is 'M' | 'F' | 'O' => ['M', 'F', 'O'].includes(value);

function PatientCorner({ snapshot }: { readonly snapshot: PaneSnapshot }) {
  const t = useText('viewer');
  const locale = useLocale();
  const banner = snapshot.series?.banner;
  if (banner === undefined) return null;
  const age = ageAtStudy(banner.birthDate, banner.studyDate, banner.age);
  const ageText = age === undefined ? '' : t(`patient.age_${age.unit}`, { count: age.value });
  const birth = formatDate(banner.birthDate, locale);
  const sex = banner.sex !== undefined && isSex(banner.sex) ? t(`patient.sex_${banner.sex}`) : banner.sex;
  return (
    <div data-identity className={`${CORNER} top-1.5 left-2 items-start`}>
      <Line className="font-medium">{nameGroupOnPage(banner.name)}</Line>
      <Line className="text-(--ng-text-dim)">{banner.patientId}</Line>
      <Line className="text-(--ng-text-dim)">{[birth, ageText, sex].filter(Boolean).join(' · ')}</Line>
    </div>
  );
}

/** Whose image it is, and of when: what stays when the other texts are hidden. */
export function PaneIdentity({ snapshot }: { readonly snapshot: PaneSnapshot }) {
  const locale = useLocale();
  const banner = snapshot.series?.banner;
  if (banner === undefined) return null;
  return (
    <div className={`${CORNER} top-1.5 left-2 max-w-[80%] items-start`}>
      <Line className="text-(--ng-text-dim)">
        {identityParts(banner, locale).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: each is its place.
          <Fragment key={index}>
            {index > 0 && BETWEEN_PARTS}
            <bdi>{part}</bdi>
          </Fragment>
        ))}
      </Line>
    </div>
  );
}

function StudyCorner({ snapshot }: { readonly snapshot: PaneSnapshot }) {
  const t = useText('viewer');
  const locale = useLocale();
  const { series } = snapshot;
  if (series === undefined) return null;
  const number = series.seriesNumber === undefined ? '' : t('overlay.series', { number: series.seriesNumber });
  return (
    <div data-identity className={`${CORNER} top-1.5 right-2 items-end text-right`}>
      <Line>{formatDate(series.banner.studyDate, locale)}</Line>
      <Line className="hidden max-w-full text-(--ng-text-dim) @xs:block">{series.banner.studyDescription}</Line>
      <Line className="max-w-full text-(--ng-text-dim)">
        {[number, series.modality, series.description].filter(Boolean).join(' · ')}
      </Line>
      <SideLine snapshot={snapshot} />
    </div>
  );
}

/** Which of a pair is shown, and the view. What contradicts itself is said so. */
function SideLine({ snapshot: { frame } }: { readonly snapshot: PaneSnapshot }) {
  const t = useText('viewer');
  if (frame === undefined) return null;
  const side = lateralityOf(frame.dataset, frame.frameNumber);
  const text = [side !== undefined && t(`overlay.side.${side}`), viewPositionOf(frame.dataset)].filter(Boolean).join(' · ');
  return <Line className={side === 'contradictory' ? 'text-(--ng-amber)' : 'font-medium'}>{text}</Line>;
}

/** That the image has lost information, and how much it was compressed. */
function LossLine({ snapshot: { frame, isLossySyntax } }: { readonly snapshot: PaneSnapshot }) {
  const t = useText('viewer');
  const locale = useLocale();
  const loss = frame === undefined ? undefined : lossOf(frame.dataset, isLossySyntax);
  if (loss === undefined) return null;
  const ratios = loss.ratios.map((ratio) => `${formatNumber(ratio, locale, 1)}:1`).join(', ');
  return <Line className="text-(--ng-amber)">{[t('overlay.lossy'), ratios].filter(Boolean).join(' ')}</Line>;
}

/** The window in numbers, in SUV where a PET allows it; a table by its name. */
function useWindowText({ voi, voiName, frame, isInverted }: PaneSnapshot): string {
  const t = useText('viewer');
  const locale = useLocale();
  const suv = suvOf(frame?.dataset ?? {});
  const factor = suv.kind === 'suv' ? suv.factor : 1;
  const number = (value: number): string => formatValue(Number((value * factor).toPrecision(6)), locale);
  const text =
    voi?.kind === 'window'
      ? t('overlay.window', { width: number(voi.width), center: number(voi.center) })
      : voi === undefined
        ? ''
        : t('overlay.table', { name: voiName ?? '' });
  return [text, isInverted && t('overlay.inverted')].filter(Boolean).join('  ');
}

function DisplayCorner({ snapshot, isLinked }: { readonly snapshot: PaneSnapshot; readonly isLinked: boolean }) {
  const t = useText('viewer');
  const { shownIndex, frameCount, frame, zoom } = snapshot;
  const windowText = useWindowText(snapshot);
  const suv = suvOf(frame?.dataset ?? {});
  return (
    <div className={`${CORNER} bottom-2 left-2 items-start`}>
      <Line>
        {shownIndex !== undefined && t('overlay.image', { index: shownIndex + 1, count: frameCount })}
        {isLinked && <Link2 size={13} className="ml-1.5 inline text-(--ng-accent)" role="img" aria-label={t('link.linked')} />}
      </Line>
      <Line className="text-(--ng-text-dim)">{windowText}</Line>
      {suv.kind === 'suv' && <Line className="text-(--ng-text-dim)">{t('overlay.suv')}</Line>}
      {suv.kind === 'none' && suv.reason !== 'NOT_PET' && (
        <Line className="text-(--ng-amber)">{t(`overlay.noSuv.${suv.reason}`)}</Line>
      )}
      <Line className="text-(--ng-text-dim)">{zoom !== undefined && t('overlay.zoom', { value: Math.round(zoom * 100) })}</Line>
    </div>
  );
}

function PositionCorner({ snapshot }: { readonly snapshot: PaneSnapshot }) {
  const t = useText('viewer');
  const locale = useLocale();
  const { frame, calibration } = snapshot;
  if (frame === undefined) return null;
  const number = (value: number): string => formatNumber(value, locale, 1);
  return (
    // In a narrow pane the scale has the lowest line for itself.
    <div className={`${CORNER} right-2 bottom-8 items-end @md:bottom-2 text-right text-(--ng-text-dim)`}>
      <Line>{frame.slicePositionMm !== undefined && t('overlay.position', { value: number(frame.slicePositionMm) })}</Line>
      <Line>{frame.sliceThicknessMm !== undefined && t('overlay.thickness', { value: number(frame.sliceThicknessMm) })}</Line>
      <LossLine snapshot={snapshot} />
      {calibration.kind === 'none' && <Line className="text-(--ng-amber)">{t('overlay.uncalibrated')}</Line>}
      {calibration.kind === 'regions' && <Line className="text-(--ng-amber)">{t('overlay.regions')}</Line>}
      {calibration.kind === 'detector' && <Line className="text-(--ng-amber)">{t('overlay.detector')}</Line>}
      {calibration.kind === 'estimated' && <Line className="text-(--ng-amber)">{t('overlay.estimated')}</Line>}
    </div>
  );
}

function ScaleBar({ snapshot }: { readonly snapshot: PaneSnapshot }) {
  const locale = useLocale();
  const bar = snapshot.scaleBar;
  if (bar === undefined) return null;
  const isCentimetres = bar.lengthMm >= 10;
  const text = `${formatNumber(isCentimetres ? bar.lengthMm / 10 : bar.lengthMm, locale, 3)} ${isCentimetres ? 'cm' : 'mm'}`;
  return (
    <div
      className="ng-viewer-overlay pointer-events-none absolute bottom-2 left-1/2 flex -translate-x-1/2 items-center"
      style={{ width: bar.lengthPx }}
    >
      <div data-scale className="h-1.5 w-full border-(--ng-lightbox)/70 border-x border-b" />
      <span className="ng-viewer-backdrop absolute left-full ml-1.5 whitespace-nowrap text-(--ng-text) text-[0.6875rem]">
        {text}
      </span>
    </div>
  );
}
