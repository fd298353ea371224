import type { DicomJsonElement, DicomJsonObject } from '../types.ts';

export const text = (vr: string, ...values: readonly string[]): DicomJsonElement => ({ vr, Value: values });
export const empty = (vr: string): DicomJsonElement => ({ vr });
export const sequence = (...items: readonly DicomJsonObject[]): DicomJsonElement => ({ vr: 'SQ', Value: items });
