import { PREDICTION_CODES } from './prediction-codes.ts';
import { REPORT_CODES } from './report-codes.ts';
import { SIGN_IN_CODES } from './sign-in-codes.ts';

export interface CatalogEntry {
  readonly status: number;
  readonly fr: string;
  readonly en: string;
}

/** What the application may be told: every code of the API but those of links. */
export const PAGE_ERRORS = {
  VALIDATION_FAILED: { status: 400, fr: 'Certains champs ne sont pas valides.', en: 'Some fields are not valid.' },
  BAD_REQUEST: { status: 400, fr: 'La demande est mal formée.', en: 'The request is malformed.' },
  BAD_CURSOR: {
    status: 400,
    fr: 'Cette position de liste n’est plus valable ; rechargez la liste.',
    en: 'This list position is no longer valid; reload the list.',
  },
  MALFORMED_MULTIPART: { status: 400, fr: 'Le corps multipart est mal formé.', en: 'The multipart body is malformed.' },
  NOT_AUTHENTICATED: { status: 401, fr: 'Connectez-vous pour continuer.', en: 'Sign in to continue.' },
  ...SIGN_IN_CODES,
  ACCOUNT_NOT_WAITING: {
    status: 409,
    fr: 'Ce compte n’attend plus, ou n’est plus celui que vous avez vu ; rechargez la liste.',
    en: 'This account waits no longer, or is not the one that you saw; reload the list.',
  },
  ACCOUNT_NOT_OPEN: {
    status: 409,
    fr: 'On ne rattache personne à un compte inactif ou suspendu : activez-le d’abord.',
    en: 'Nobody is joined to an inactive or suspended account: activate it first.',
  },
  SESSION_EXPIRED: {
    status: 401,
    fr: 'Votre session a expiré ; reconnectez-vous.',
    en: 'Your session has ended; sign in again.',
  },
  REFRESH_REUSED: {
    status: 401,
    fr: 'Cette session a été fermée par sécurité ; reconnectez-vous.',
    en: 'This session was closed for safety; sign in again.',
  },
  CSRF_REQUIRED: {
    status: 403,
    fr: 'La demande ne porte pas la preuve qu’elle vient de cette page ; rechargez-la.',
    en: 'The request lacks proof that it comes from this page; reload it.',
  },
  ORIGIN_REFUSED: { status: 403, fr: 'Cette demande vient d’un autre site.', en: 'This request comes from another site.' },
  FORBIDDEN: { status: 403, fr: 'Votre rôle ne permet pas cette action.', en: 'Your role does not allow this action.' },
  OPEN_FOR_READING: {
    status: 403,
    fr: 'Ce patient vous est ouvert en urgence, pour lecture : rien n’y est changé ni n’en sort. Demandez-le à son groupe ou à l’administration.',
    en: 'This patient is open to you in an emergency, for reading: nothing is changed there, and nothing leaves. Ask their group or the administration.',
  },
  HELD_BACK: {
    status: 403,
    fr: 'Cet objet n’est pas montré : il peut porter le nom du patient (texte incrusté, document, vidéo), et votre compte voit des pseudonymes.',
    en: 'This object is not shown: it may name the patient (burned-in text, document, video), and your account sees pseudonyms.',
  },
  NOT_FOUND: { status: 404, fr: 'Introuvable.', en: 'Not found.' },
  METHOD_NOT_ALLOWED: { status: 405, fr: 'Méthode non permise ici.', en: 'Method not allowed here.' },
  NOT_ACCEPTABLE: {
    status: 406,
    fr: 'Aucun des formats demandés ne peut être fourni.',
    en: 'None of the requested formats can be given.',
  },
  CONFLICT: { status: 409, fr: 'L’état actuel ne permet pas cette action.', en: 'The present state does not allow this action.' },
  STALE_UPDATE: {
    status: 409,
    fr: 'Quelqu’un a modifié cette fiche entre-temps ; vos changements sont gardés à l’écran.',
    en: 'Someone changed this record meanwhile; your changes are kept on screen.',
  },
  ANNOTATION_CHANGED: {
    status: 409,
    fr: 'Cette annotation a été modifiée ailleurs entre-temps ; les deux versions sont gardées.',
    en: 'This annotation was changed elsewhere meanwhile; both versions are kept.',
  },
  OTHER_AUTHOR: {
    status: 409,
    fr: 'Cette annotation a été dessinée par une autre personne que celle qui est connectée.',
    en: 'This annotation was drawn by somebody else than who is signed in.',
  },
  ...REPORT_CODES,
  ALREADY_WAITING: {
    status: 409,
    fr: 'Ce patient est déjà inscrit ce jour-là, et sa consultation n’est pas terminée.',
    en: 'This patient is registered for that day already, and the consultation has not ended.',
  },
  CONSULTATION_TAKEN: {
    status: 409,
    fr: 'Un autre médecin a pris cette consultation.',
    en: 'Another physician has taken this consultation.',
  },
  CONSULTATION_ENDED: {
    status: 409,
    fr: 'Cette consultation est terminée ; elle ne change plus.',
    en: 'This consultation has ended; it does not change any more.',
  },
  ILLEGAL_MOVE: {
    status: 409,
    fr: 'On ne passe pas à cet état depuis l’état actuel.',
    en: 'This state can’t be reached from the present one.',
  },
  OTHER_PATIENT: { status: 409, fr: 'Cet examen est d’un autre patient.', en: 'This study is of another patient.' },
  EMAIL_TAKEN: { status: 409, fr: 'Cette adresse est déjà utilisée.', en: 'This address is already in use.' },
  NAME_TAKEN: { status: 409, fr: 'Ce nom est déjà utilisé.', en: 'This name is already in use.' },
  LAST_ADMIN: {
    status: 409,
    fr: 'Le dernier administrateur actif ne peut être ni retiré ni rétrogradé.',
    en: 'The last active administrator can be neither removed nor demoted.',
  },
  GROUP_HAS_PATIENTS: {
    status: 409,
    fr: 'Ce groupe contient des patients ; déplacez-les d’abord.',
    en: 'This group has patients; move them first.',
  },
  PATIENT_HAS_IMAGES: {
    status: 409,
    fr: 'Ce patient a des images ; confirmez leur mise à la corbeille avec lui.',
    en: 'This patient has images; confirm that they go to the trash too.',
  },
  LEGAL_HOLD: {
    status: 409,
    fr: 'Ce dossier ou cet examen est sous conservation légale : rien n’en est supprimé, remplacé ni effacé tant qu’un administrateur ne la lève pas.',
    en: 'This record or study is under a legal hold: nothing of it is deleted, replaced or erased until an administrator lifts it.',
  },
  CONFIRMATION_DIFFERS: {
    status: 409,
    fr: 'Le numéro de dossier tapé n’est pas celui de ce patient : rien n’est effacé.',
    en: 'The record number that was typed is not this patient’s: nothing is erased.',
  },
  AMBIGUOUS_UID: {
    status: 409,
    fr: 'Cet identifiant existe dans plusieurs groupes ; précisez le groupe.',
    en: 'This identifier exists in several groups; name the group.',
  },
  ALREADY_DECIDED: { status: 409, fr: 'Une décision a déjà été prise.', en: 'A decision has already been taken.' },
  IDENTITY_MISMATCH: {
    status: 409,
    fr: 'Ces images portent une autre identité que ce patient ; les lui attribuer demande un droit et un motif.',
    en: 'These images carry another identity than this patient; attaching them needs a permission and a reason.',
  },
  UNDO_EXPIRED: { status: 409, fr: 'Le délai pour annuler est passé.', en: 'The time to undo this is over.' },
  UNDO_SUPERSEDED: {
    status: 409,
    fr: 'Ce déplacement a déjà été annulé ou suivi d’un autre.',
    en: 'This move was undone already, or followed by another one.',
  },
  UNDO_CHANGED: {
    status: 409,
    fr: 'Des images ont changé depuis ; déplacez l’examen au lieu d’annuler.',
    en: 'Images have changed since; move the study instead of undoing.',
  },
  UNDO_TARGET_GONE: {
    status: 409,
    fr: 'Le dossier d’origine n’existe plus (fusionné, à la corbeille ou effacé) ; déplacez l’examen vers un autre.',
    en: 'The record it came from is no longer there (merged, in the trash or erased); move the study to another one.',
  },
  PROJECT_KEY_LOST: {
    status: 409,
    fr: 'La clé de ce projet ne peut plus être lue : rien ne part dans ce projet. Remettez la clé du serveur depuis la sauvegarde, ou créez un autre projet.',
    en: 'The key of this project can no longer be read: nothing leaves into it. Bring the server’s key back from the backup, or create another project.',
  },
  ...PREDICTION_CODES,
  IMPORT_FINISHED: { status: 409, fr: 'Cet import est déjà terminé.', en: 'This import has already finished.' },
  GROUP_REQUIRED: {
    status: 422,
    fr: 'Votre compte n’a pas de groupe ; demandez-en un à l’administrateur avant d’importer.',
    en: 'Your account has no group; ask the administrator for one before importing.',
  },
  TOO_LARGE: {
    status: 413,
    fr: 'C’est plus grand que ce que ce serveur accepte.',
    en: 'This is larger than this server accepts.',
  },
  ADDRESS_TOO_LONG: {
    status: 414,
    fr: 'Cette adresse est trop longue : demandez moins à la fois.',
    en: 'This address is too long: ask for less at a time.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    fr: 'Ce type de contenu n’est pas accepté ici.',
    en: 'This content type is not accepted here.',
  },
  WEAK_PASSWORD: {
    status: 422,
    fr: 'Ce mot de passe est trop facile à deviner : 12 caractères au moins.',
    en: 'This password is too easy to guess: 12 characters at least.',
  },
  PASSWORD_TOO_LONG: { status: 422, fr: 'Ce mot de passe dépasse 72 octets.', en: 'This password is over 72 bytes.' },
  WRONG_CURRENT_PASSWORD: {
    status: 422,
    fr: 'Le mot de passe actuel n’est pas le bon.',
    en: 'The current password is not right.',
  },
  VITAL_SIGN_OUT_OF_RANGE: {
    status: 422,
    fr: 'Une mesure est impossible ; vérifiez la valeur et l’unité.',
    en: 'A measurement is impossible; check the value and its unit.',
  },
  UNPROCESSABLE: { status: 422, fr: 'La demande est comprise mais impossible.', en: 'The request is understood but impossible.' },
  FRAME_UNREADABLE: {
    status: 422,
    fr: 'Cette image ne peut pas être lue ; les autres restent disponibles.',
    en: 'This frame cannot be read; the others remain available.',
  },
  RATE_LIMITED: {
    status: 429,
    fr: 'Trop de tentatives ; réessayez dans un moment.',
    en: 'Too many attempts; try again in a moment.',
  },
  CANCELLED: { status: 499, fr: 'La demande a été interrompue.', en: 'The request was interrupted.' },
  INTERNAL: {
    status: 500,
    fr: 'Une erreur interne est survenue ; rien n’a été modifié.',
    en: 'An internal error happened; nothing was changed.',
  },
  NOT_IMPLEMENTED: {
    status: 501,
    fr: 'Cette fonction n’existe pas encore sur ce serveur.',
    en: 'This function does not exist on this server yet.',
  },
  UNAVAILABLE: {
    status: 503,
    fr: 'Une partie du serveur ne répond pas ; réessayez dans un moment.',
    en: 'A part of the server does not answer; try again in a moment.',
  },
  OBJECT_DAMAGED: {
    status: 503,
    fr: 'Le fichier conservé est abîmé ; importez de nouveau l’original pour le réparer.',
    en: 'The stored file is damaged; import the original again to repair it.',
  },
  STORAGE_FULL: {
    status: 507,
    fr: 'Le disque du serveur est plein ; rien n’a été perdu, prévenez l’administrateur.',
    en: 'The server’s disk is full; nothing was lost, tell the administrator.',
  },
} as const satisfies Record<string, CatalogEntry>;

export type PageErrorCode = keyof typeof PAGE_ERRORS;
