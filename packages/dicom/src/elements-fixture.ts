import type { DicomJsonElement, DicomJsonObject, DicomJsonValue } from './types.ts';

/** An element of these values, and a sequence of these items: how tests write a dataset. */
export const el = (vr: string, ...Value: readonly DicomJsonValue[]): DicomJsonElement => ({ vr, Value });
export const sq = (...items: readonly DicomJsonObject[]): DicomJsonElement => ({ vr: 'SQ', Value: items });
