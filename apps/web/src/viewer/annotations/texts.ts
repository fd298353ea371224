import type { AnnotationKind } from '@negatoscope/contract';
import { formatNumber, formatValue } from '../model/format.ts';
import type { Concept, Described, DescribedValue } from './describe.ts';

/** Words that measurements show on the image, in the reader's language. */
export interface MeasurementLabels {
  readonly language: string;
  readonly uncalibrated: string;
  readonly outside: string;
  readonly detector: string;
  readonly estimated: string;
  readonly padding: string;
  /** Stands beside a value of a frame that is not here without loss yet, and in place of what is not worked out before. */
  readonly provisional: string;
  readonly cobb: string;
  readonly ratio: string;
  readonly heart: string;
  readonly thorax: string;
  readonly area: string;
  readonly mean: string;
  readonly minimum: string;
  readonly maximum: string;
}

const SQUARE_CM = 100;
/** Millimetres below which a length is written in micrometres. */
const MICROSCOPIC = 0.1;

/** A value with its unit, as everything that shows it writes it. */
export function valueText({ concept, value, unit }: DescribedValue, { language }: Pick<MeasurementLabels, 'language'>): string {
  const number = (one: number, digits: number): string => formatNumber(one, language, digits);
  switch (unit) {
    case 'mm':
      // What is measured under a microscope.
      if (value > 0 && value < MICROSCOPIC) return `${number(value * 1000, value < 0.01 ? 2 : 1)} µm`;
      return `${number(value, value < 10 ? 2 : 1)} mm`;
    case 'mm²':
      if (value > 0 && value < MICROSCOPIC ** 2) return `${number(value * 1e6, 0)} µm²`;
      return value >= 10 * SQUARE_CM ? `${number(value / SQUARE_CM, 2)} cm²` : `${number(value, value < 10 ? 2 : 1)} mm²`;
    case 'px':
      return `${number(value, 0)} px`;
    case '°':
      return `${number(value, 1)}°`;
    case '':
      return number(value, 2);
    case 'SUV':
      return concept === 'VALUE' ? `SUV ${formatValue(value, language)}` : `${formatValue(value, language)} SUV`;
    default:
      return [formatValue(value, language), unit].filter(Boolean).join(' ');
  }
}

/** `undefined` where one is missing. */
function joined(described: Described, words: MeasurementLabels, concepts: readonly Concept[], by: string): string | undefined {
  const found = concepts.flatMap((concept) => described.values.find((value) => value.concept === concept) ?? []);
  return found.length < concepts.length ? undefined : found.map((value) => valueText(value, words)).join(by);
}

function statisticsLines(described: Described, words: MeasurementLabels): (string | undefined)[] {
  const of = (concept: Concept): DescribedValue | undefined => described.values.find((value) => value.concept === concept);
  const [mean, deviation, minimum, maximum] = [of('MEAN'), of('DEVIATION'), of('MINIMUM'), of('MAXIMUM')];
  if (mean === undefined || deviation === undefined || minimum === undefined || maximum === undefined) return [];
  const number = ({ value }: DescribedValue): string => formatValue(value, words.language);
  return [
    `${words.mean} ${number(mean)} ± ${valueText(deviation, words)}`,
    `${words.minimum} ${number(minimum)} · ${words.maximum} ${valueText(maximum, words)}`,
  ];
}

function chestLines(described: Described, words: MeasurementLabels): (string | undefined)[] {
  const [ratio, heart, thorax] = (['CARDIOTHORACIC_RATIO', 'HEART_WIDTH', 'THORAX_WIDTH'] as const).map((concept) =>
    joined(described, words, [concept], ''),
  );
  return [
    ratio === undefined ? undefined : `${words.ratio} ${ratio}`,
    heart === undefined ? undefined : `${words.heart} ${heart} · ${words.thorax} ${thorax ?? ''}`,
  ];
}

function probeLines(described: Described, words: MeasurementLabels): (string | undefined)[] {
  const values = described.values.map((value) => valueText(value, words)).join(' · ');
  const value = described.isPadding === true ? words.padding : (described.colour?.join(' ') ?? values);
  return [value, described.pixels === 'provisional' ? words.provisional : undefined];
}

const place = ({ pixel }: Described): string | undefined => (pixel === undefined ? undefined : `x ${pixel[0]}  y ${pixel[1]}`);

function regionLines(described: Described, words: MeasurementLabels): (string | undefined)[] {
  const area = joined(described, words, ['AREA'], '');
  return [
    area === undefined ? undefined : `${words.area} ${area}`,
    ...statisticsLines(described, words),
    described.pixels === 'awaited' ? words.provisional : undefined,
  ];
}

function kindLines(kind: AnnotationKind, described: Described, words: MeasurementLabels): (string | undefined)[] {
  switch (kind) {
    case 'LENGTH':
      return [joined(described, words, ['LENGTH'], '')];
    case 'BIDIRECTIONAL':
      return [joined(described, words, ['LONG_AXIS', 'SHORT_AXIS'], ' × ')];
    case 'ANGLE':
      return [joined(described, words, ['ANGLE'], '')];
    case 'COBB': {
      const angle = joined(described, words, ['COBB_ANGLE'], '');
      return [angle === undefined ? undefined : `${words.cobb} ${angle}`];
    }
    case 'CARDIOTHORACIC':
      return chestLines(described, words);
    case 'PROBE':
      return probeLines(described, words);
    case 'ELLIPSE':
    case 'RECTANGLE':
    case 'FREEHAND':
      return regionLines(described, words);
    default:
      return [];
  }
}

/** The lines beside an annotation: its own text first, then what is measured, then how far that may be trusted. */
export function linesOf(kind: AnnotationKind, described: Described, words: MeasurementLabels): string[] {
  const { label, scale } = described;
  const note = scale === undefined || scale === 'calibrated' ? undefined : words[scale === 'none' ? 'uncalibrated' : scale];
  const own = label === null ? [] : label.split('\n');
  return [...own, ...kindLines(kind, described, words), note, place(described)].filter(
    (line): line is string => line !== undefined && line !== '',
  );
}
