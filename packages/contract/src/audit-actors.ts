/** What acts by itself, as the journal's page and papers say it, in French and in English. */
const SERVICES: Readonly<Record<string, readonly [fr: string, en: string]>> = {
  'attach-films': ['Rattachement des clichés', 'Attaching of films'],
  backup: ['Sauvegarde', 'Backup'],
  'check-audit-chain': ['Vérification du journal', 'Check of the audit log'],
  'check-model': ['Vérification des modèles', 'Check of models'],
  'dicom-node': ['Nœud DICOM', 'DICOM node'],
  'end-readings': ['Fin des lectures abandonnées', 'Ending of readings that were left'],
  'find-nameless': ['Recherche des images sans nom', 'Search for images without a name'],
  'keep-result': ['Rangement des résultats d’IA', 'Keeping of results of AI'],
  'load-demo': ['Démonstration', 'Demonstration'],
  'map-series': ['Réglage du contraste', 'Setting of contrast'],
  'move-objects': ['Déplacement des fichiers', 'Moving of files'],
  'object-care': ['Soin des fichiers', 'Care of files'],
  'erase-patients': ['Effacement des patients', 'Erasure of patients'],
  'find-returned': ['Retour de patients effacés', 'Return of erased patients'],
  orthanc: ['Orthanc voisin', 'Orthanc beside this server'],
  'orthanc-erase': ['Effacement dans Orthanc', 'Erasure in Orthanc'],
  'orthanc-send': ['Envoi à Orthanc', 'Sending to Orthanc'],
  'order-audit': ['Rangement du journal par patient', 'Ordering of the audit log by patient'],
  'pack-series': ['Rangement des séries', 'Packing of series'],
  predict: ['Analyse par l’IA', 'Analysis by AI'],
  'purge-trash': ['Vidage de la corbeille', 'Emptying of the trash'],
  'read-spool': ['Lecture des archives reçues', 'Reading of accepted archives'],
  'reading-documents': ['Documents de lecture', 'Documents of readings'],
  'remove-orphans': ['Nettoyage', 'Clearing up'],
  'report-audit': ['Rapports du journal', 'Reports of the audit log'],
  'report-documents': ['Documents des comptes rendus', 'Documents of reports'],
  restore: ['Restauration', 'Restoring'],
  retain: ['Durées de conservation', 'Retention'],
  'run-deid-exports': ['Exports sans identité', 'Exports without identity'],
  'run-transfers': ['Transferts DICOM', 'DICOM transfers'],
  scrub: ['Relecture des fichiers', 'Reading of files again'],
  'tidy-shares': ['Nettoyage des liens partagés', 'Clearing of shared links'],
  'tell-commitments': ['Confirmations aux appareils', 'Confirmations to devices'],
  'tidy-node-log': ['Tenue du journal des nœuds', 'Care of the nodes’ log'],
  'tidy-predictions': ['Effacement des clichés envoyés', 'Removal of films that were sent'],
  'watch-audit': ['Surveillance du journal', 'Watch over the audit log'],
};

/** The services that have a name. */
export const NAMED_SERVICES: readonly string[] = Object.keys(SERVICES);

/** Who acted, where it is no person: `service:predict`, `service:dicom-node:<id>`, `link:<id> <who gave it away>`; a person's name stays as it is, and so does what another version wrote. */
export function auditActor(name: string, language: 'fr' | 'en'): string {
  const link = /^link:\S*(?: (.+))?$/s.exec(name);
  if (link !== null) {
    const [, author] = link;
    if (language === 'fr') return author === undefined ? 'Lien partagé' : `Lien partagé par ${author}`;
    return author === undefined ? 'Shared link' : `Link shared by ${author}`;
  }
  const [, service = ''] = /^service:([a-z-]+)/.exec(name) ?? [];
  return (Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined)?.[language === 'fr' ? 0 : 1] ?? name;
}
