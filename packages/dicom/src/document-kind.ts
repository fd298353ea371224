/** What an instance is that has no image to draw, as far as its class tells. */
export type DocumentKind = 'pdf' | 'cda' | 'model' | 'report' | 'waveform' | 'presentation' | 'structures' | 'plan' | 'other';

const STORAGE = '1.2.840.10008.5.1.4.1.1.';

/** By SOP class (PS3.4 B.5, PS3.6 A): the first that fits. */
const KINDS: readonly (readonly [RegExp, DocumentKind])[] = [
  [/^104\.1$/, 'pdf'],
  [/^104\.2$/, 'cda'],
  [/^104\.[345]$/, 'model'],
  [/^88\.\d+$/, 'report'],
  [/^9\.\d+\.\d+$/, 'waveform'],
  [/^11\.\d+$/, 'presentation'],
  [/^481\.3$/, 'structures'],
  [/^481\.[58]$/, 'plan'],
];

export function documentKindOf(sopClassUid: string): DocumentKind {
  if (!sopClassUid.startsWith(STORAGE)) return 'other';
  const rest = sopClassUid.slice(STORAGE.length);
  return KINDS.find(([pattern]) => pattern.test(rest))?.[1] ?? 'other';
}

const LABELS: Readonly<Record<DocumentKind, string | undefined>> = {
  pdf: 'PDF',
  cda: 'CDA',
  model: '3D',
  presentation: 'PR',
  structures: 'RTSTRUCT',
  plan: 'RTPLAN',
  report: undefined,
  waveform: undefined,
  other: undefined,
};

/** A few capitals that name an instance without an image: its kind, else its modality, else that it is DICOM. */
export function documentLabel(sopClassUid: string, modality: string | undefined): string {
  const own = LABELS[documentKindOf(sopClassUid)];
  return own ?? (/^[A-Z0-9]{1,16}$/.test(modality ?? '') ? (modality ?? '') : 'DICOM');
}
