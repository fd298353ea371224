import type { FileReason } from './file-reasons.ts';

/** Studies that one transfer is asked for. */
export const MOST_STUDIES = 100;

/** What there is to say of something that happened with a node, in both languages; what is said of an instance is one of `FILE_REASONS`. */
export const NODE_EVENT_CODES = {
  CALLING_AET: { fr: 'titre AE appelant inconnu', en: 'unknown calling AE title' },
  CALLED_AET: { fr: 'titre AE appelé inconnu', en: 'unknown called AE title' },
  LIMIT: { fr: 'trop d’associations à la fois', en: 'too many associations at once' },
  CONGESTION: { fr: 'base de données injoignable', en: 'database not reached' },
  ASSOCIATION_REFUSED: { fr: 'association refusée', en: 'association refused' },
  TOO_MANY_CONNECTIONS: { fr: 'trop de connexions à la fois, fermées', en: 'too many connections at once, closed' },
  LOST: { fr: 'connexion perdue', en: 'connection lost' },
  ABORTED: { fr: 'association interrompue par l’autre', en: 'association aborted by the other side' },
  PROTOCOL: { fr: 'ce qui est reçu n’est pas du DICOM', en: 'what is received is no DICOM' },
  SILENT: { fr: 'plus rien n’est venu', en: 'nothing came any more' },
  ALL_REFUSED: {
    fr: 'interrompue : rien de ce qui était envoyé n’était pris',
    en: 'aborted: nothing of what was sent was taken',
  },
  UNREACHABLE: { fr: 'injoignable', en: 'not reached' },
  NO_TLS: { fr: 'pas de connexion TLS : certificat inconnu ou refusé', en: 'no TLS connection: certificate unknown or refused' },
  TLS_REQUIRED: { fr: 'sans TLS, alors que ce nœud doit l’utiliser', en: 'without TLS, which this node is to use' },
  NO_ADDRESS: { fr: 'un réseau n’a pas d’adresse', en: 'a network has no address' },
  NO_ANSWER: { fr: 'pas de réponse', en: 'no answer' },
  BUSY: { fr: 'pas de place chez lui', en: 'it has no room' },
  CLASS_NOT_SUPPORTED: { fr: 'classe non acceptée', en: 'class not supported' },
  NOT_AUTHORIZED: { fr: 'non autorisé', en: 'not authorised' },
  UNRECOGNIZED_OPERATION: { fr: 'opération inconnue', en: 'unknown operation' },
  DESTINATION_UNKNOWN: { fr: 'destination inconnue', en: 'unknown destination' },
  OUT_OF_RESOURCES: { fr: 'pas assez de place ou de moyens', en: 'out of resources' },
  DATASET_DOES_NOT_MATCH: { fr: 'la demande et ses données ne s’accordent pas', en: 'request and dataset do not match' },
  CANNOT_UNDERSTAND: { fr: 'données illisibles', en: 'dataset not understood' },
  PROCESSING_FAILURE: { fr: 'échec du traitement', en: 'processing failure' },
  WITH_WARNING: { fr: 'avec un avertissement', en: 'with a warning' },
  CANCELLED: { fr: 'annulé', en: 'cancelled' },
  NOT_THERE: { fr: 'le nœud n’a pas cet examen', en: 'the node does not have this study' },
  NOT_SENT: { fr: 'le nœud ne l’a pas envoyé', en: 'the node did not send it' },
  NO_WAY: {
    fr: 'le nœud n’a pas de C-GET, et par C-MOVE il n’envoie que dans son propre groupe',
    en: 'the node has no C-GET, and by C-MOVE it sends into its own group only',
  },
  NODE_GONE: { fr: 'le nœud a été retiré ou changé', en: 'the node was removed or changed' },
  IN_TRASH: {
    fr: 'l’examen est ici, à la corbeille : un administrateur l’en restaure',
    en: 'the study is here, in the trash: an administrator restores it from there',
  },
  GONE: { fr: 'n’est plus ici', en: 'no longer here' },
  OTHER_INSTANCE: { fr: 'autre instance que celle annoncée', en: 'another instance than announced' },
} as const satisfies Record<string, { readonly fr: string; readonly en: string }>;
export type NodeEventCode = keyof typeof NODE_EVENT_CODES | FileReason;
