/** What of a model's evidence lies over a film in its pane. */
export interface ShownEvidence {
  readonly sopInstanceUid: string;
  /** A picture of colour and alpha, in the proportions of the film. */
  readonly address: string;
  /** 0 to 1. */
  readonly opacity: number;
}

let shown: ShownEvidence | undefined;
const listeners = new Set<() => void>();

/** Lays evidence over a film, wherever it hangs; undefined takes it away. One at a time. */
export function showEvidence(evidence: ShownEvidence | undefined): void {
  shown = evidence;
  for (const listener of [...listeners]) listener();
}
export const shownEvidence = (): ShownEvidence | undefined => shown;
export function onEvidence(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
