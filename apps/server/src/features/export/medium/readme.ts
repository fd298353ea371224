import type { MediumContents } from './contents.ts';

/** What the disc says of itself to who opens it as a folder; CRLF, for every system. */
export function mediumReadme({ site, madeOn, missing, unlisted }: MediumContents): string {
  const lines = [
    `${site} - ${madeOn}`,
    '',
    'INDEX.HTM : aperçu dans un navigateur, sans installation. Pas pour le diagnostic.',
    'DICOMDIR : à ouvrir avec un lecteur médical (DICOM).',
    'DICOM/ : images d’origine. VIEW/ : images de l’aperçu et documents.',
    ...(missing > 0 ? [`${missing} fichier(s) n’ont pas pu être copiés.`] : []),
    ...(unlisted > 0
      ? [`${unlisted} fichier(s) d’un type que DICOMDIR ne connaît pas sont dans le dossier DICOM seulement.`]
      : []),
    '',
    'INDEX.HTM: a preview in a browser, nothing to install. Not for diagnosis.',
    'DICOMDIR: to be opened by a medical (DICOM) viewer.',
    'DICOM/: the original images. VIEW/: pictures of the preview and documents.',
    ...(missing > 0 ? [`${missing} file(s) could not be copied.`] : []),
    ...(unlisted > 0 ? [`${unlisted} file(s) of a type that DICOMDIR does not know are in the folder DICOM only.`] : []),
    '',
  ];
  return lines.join('\r\n');
}
