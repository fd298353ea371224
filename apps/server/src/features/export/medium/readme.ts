import type { MediumContents } from './contents.ts';

const counted = (count: number, [one, several]: readonly [string, string]): string => `${count} ${count > 1 ? several : one}`;

/** What the disc says of itself to who opens it as a folder; CRLF, for every system. */
export function mediumReadme({ site, madeOn, missing, unlisted }: MediumContents): string {
  const lines = [
    `${site} - ${madeOn}`,
    '',
    'INDEX.HTM : aperçu dans un navigateur, sans installation. Pas pour le diagnostic.',
    'DICOMDIR : à ouvrir avec un lecteur médical (DICOM).',
    'DICOM/ : images d’origine. VIEW/ : images de l’aperçu et documents.',
    ...(missing > 0 ? [counted(missing, ['fichier n’a pas pu être copié.', 'fichiers n’ont pas pu être copiés.'])] : []),
    ...(unlisted > 0
      ? [
          counted(unlisted, [
            'fichier d’un type que DICOMDIR ne connaît pas est dans le dossier DICOM seulement.',
            'fichiers d’un type que DICOMDIR ne connaît pas sont dans le dossier DICOM seulement.',
          ]),
        ]
      : []),
    '',
    'INDEX.HTM: a preview in a browser, nothing to install. Not for diagnosis.',
    'DICOMDIR: to be opened by a medical (DICOM) viewer.',
    'DICOM/: the original images. VIEW/: pictures of the preview and documents.',
    ...(missing > 0 ? [counted(missing, ['file could not be copied.', 'files could not be copied.'])] : []),
    ...(unlisted > 0
      ? [
          counted(unlisted, [
            'file of a type that DICOMDIR does not know is in the folder DICOM only.',
            'files of a type that DICOMDIR does not know are in the folder DICOM only.',
          ]),
        ]
      : []),
    '',
  ];
  return lines.join('\r\n');
}
