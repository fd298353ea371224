import { lookUp } from './lookup.ts';
import type { Voi } from './voi.ts';

/** LINEAR (PS3.3 C.11.2.1.2.1): 0 to 1. */
function linear(value: number, center: number, width: number): number {
  if (value <= center - 0.5 - (width - 1) / 2) return 0;
  if (value > center - 0.5 + (width - 1) / 2) return 1;
  return (value - (center - 0.5)) / (width - 1) + 0.5;
}

/** LINEAR_EXACT (PS3.3 C.11.2.1.3.2): 0 to 1. */
function linearExact(value: number, center: number, width: number): number {
  if (value <= center - width / 2) return 0;
  return value > center + width / 2 ? 1 : (value - center) / width + 0.5;
}

/** SIGMOID (PS3.3 C.11.2.1.3.1): 0 to 1. */
const sigmoid = (value: number, center: number, width: number): number => 1 / (1 + Math.exp((-4 * (value - center)) / width));

/** The function that takes a modality value to a presentation value between 0 and 1. */
export function voiFunction(voi: Voi): (value: number) => number {
  if (voi.kind === 'table') {
    const scale = 1 / (2 ** voi.table.bits - 1);
    return (value) => lookUp(voi.table, value) * scale;
  }
  const { center, width, shape } = voi;
  if (shape === 'sigmoid') return (value) => sigmoid(value, center, width);
  return shape === 'linear' ? (value) => linear(value, center, width) : (value) => linearExact(value, center, width);
}
