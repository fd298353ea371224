/** What stands on a report beside names and numbers. */
export const TEXTS = {
  fr: {
    ...{ DAY: 'Rapport quotidien du journal', MONTH: 'Rapport mensuel du journal' },
    ...{ period: 'Période', made: 'Établi le', events: 'Événements', chain: 'Chaîne du journal', warnings: 'Alertes' },
    ...{ holds: 'intacte', broken: 'rompue', unchecked: 'pas encore vérifiée' },
    warned: (raised: number, done: number, open: number) =>
      `${raised} levées, ${done} acquittées, ${open} en attente aujourd’hui`,
    ...{ person: 'Personne', patients: 'Patients', takenOut: 'Sortis', denied: 'Refus', failed: 'Échecs' },
    ...{ actions: 'Ce qui a été fait', action: 'Action', times: 'Fois', people: 'Par personne', gone: 'Personne supprimée' },
    none: 'Aucune personne n’a rien fait.',
    cut: (most: number) => `Les ${most} personnes les plus actives ; le fichier CSV les contient toutes.`,
    page: (page: number, of: number) => `page ${page} sur ${of}`,
    mail: (title: string, day: string) =>
      `Bonjour,\n\n${title}, ${day}. Le rapport est joint ; il reste aussi sur la page « Journal ».\n`,
  },
  en: {
    ...{ DAY: 'Daily report of the audit log', MONTH: 'Monthly report of the audit log' },
    ...{ period: 'Period', made: 'Made on', events: 'Events', chain: 'Chain of the log', warnings: 'Warnings' },
    ...{ holds: 'intact', broken: 'broken', unchecked: 'not checked yet' },
    warned: (raised: number, done: number, open: number) => `${raised} raised, ${done} acknowledged, ${open} waiting today`,
    ...{ person: 'Person', patients: 'Patients', takenOut: 'Taken out', denied: 'Denied', failed: 'Failed' },
    ...{ actions: 'What was done', action: 'Action', times: 'Times', people: 'By person', gone: 'A deleted person' },
    none: 'Nobody did anything.',
    cut: (most: number) => `The ${most} most active people; the CSV file has them all.`,
    page: (page: number, of: number) => `page ${page} of ${of}`,
    mail: (title: string, day: string) =>
      `Hello,\n\n${title}, ${day}. The report is attached; it also stays on the page “Audit log”.\n`,
  },
} as const;

export type Locale = keyof typeof TEXTS;
