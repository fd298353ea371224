/** Why what was open in an emergency ended otherwise than by somebody's word for that one, as the journal's sentences say it, in French and in English. */
const REASONS = {
  SUSPENDED: ['compte suspendu', 'account suspended'],
  DELETED: ['compte supprimé', 'account deleted'],
  RIGHTS: ['droit retiré', 'right taken away'],
  PASSWORD: ['mot de passe remplacé', 'password replaced'],
  FACTOR: ['second facteur retiré', 'second factor taken off'],
  OFF: ['accès d’urgence désactivés', 'emergency access turned off'],
  MERGED: ['dossier fusionné dans un autre', 'record merged into another'],
  ERASED: ['patient effacé', 'patient erased'],
} as const satisfies Readonly<Record<string, readonly [fr: string, en: string]>>;

/**
 * The account was suspended or deleted, may open none any more, has another password, lost its second factor; the site turned it off; the patient's record went into another, or was erased.
 */
export type EmergencyEndReason = keyof typeof REASONS;

const TEXTS: ReadonlyMap<string, readonly [fr: string, en: string]> = new Map(Object.entries(REASONS));

/** The reason in details of `emergency.ended`, in brackets; nothing where there is none, or one of another version. */
export function emergencyEndText(because: unknown, language: 'fr' | 'en'): string {
  const texts = typeof because === 'string' ? TEXTS.get(because) : undefined;
  return texts === undefined ? '' : ` (${texts[language === 'fr' ? 0 : 1]})`;
}
