/** The landing page: drawn when it is built, so that none of this is code. */
export const landing = {
  tagline: 'Vos images, sur une table lumineuse.',
  lead: 'Radiographies, scanners et IRM : déposés en un geste, retrouvés en une seconde, lus dans le navigateur.',
  point1Title: 'Importer',
  point1: 'Un dossier, un CD ou un ZIP, tel quel.',
  point2Title: 'Trouver',
  point2: 'Sans accents, sans ordre, dès les premières lettres.',
  point3Title: 'Lire',
  point3: 'La première image avant toutes les autres.',
  point4Title: 'Dépister',
  point4: 'La radiographie du thorax, le score du modèle, puis la décision du médecin.',
  point5Title: 'Transmettre',
  point5: 'Au confrère, au patient sur un CD, à la recherche sans identité. Chaque accès est au journal.',
  pictureOf: 'La visionneuse pendant une lecture : un scanner du thorax fabriqué pour l’exemple, qui n’est celui de personne.',
  scrollHint: 'Faites défiler : les coupes suivent.',
  sliceOf: 'Coupe {{slice}} / {{count}}',
  footer: 'Toutes les données restent sur ce serveur.',
};
