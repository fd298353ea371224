import type { GateAnswer, ModelSpec, PixelRefusal } from './messages.ts';

/** Degrees counter-clockwise that the gate holds for the most likely. */
export function turnedBy({ orientation }: Pick<GateAnswer, 'orientation'>): number {
  const most = Math.max(...orientation);
  return Math.max(0, orientation.indexOf(most)) * 90;
}

/** What a size is refused for, before anything is decoded. */
export function refusalOfSize(width: number, height: number, gates: ModelSpec['gates']): PixelRefusal | undefined {
  if (Math.min(width, height) < gates.minSidePixels) return 'TOO_SMALL';
  return width * height > gates.maxPixels ? 'TOO_LARGE' : undefined;
}

/**
 * What the pixels are refused for; undefined where the gate takes them. That a film seems turned or inverted is only a question: what it is refused for is that
 * it was not taken for an upright chest film.
 */
export function refusalOfGate(gate: GateAnswer, colour: number, gates: ModelSpec['gates']): PixelRefusal | undefined {
  if (colour > gates.maxColour) return 'COLOUR_PHOTOGRAPH';
  if (gate.accepted >= gates.minAccepted) return undefined;
  if (gate.film >= gates.minFilm && gate.inverted >= gates.minInverted) return 'INVERTED';
  return gate.film >= gates.minFilm && turnedBy(gate) !== 0 ? 'TURNED' : 'NOT_A_CHEST';
}
