import type { ReportDraft, ReportSection, ReportSections, ReportTemplate } from '@negatoscope/contract';

/** What a report may be begun with. */
export const TEMPLATES = [
  'chest-film',
  'chest-ct',
  'head-ct',
  'abdominal-us',
  'obstetric-us',
  'bone',
  'mammography',
  'free',
] as const;
export type TemplateName = (typeof TEMPLATES)[number];
export const isTemplate = (name: string | null): name is TemplateName => TEMPLATES.some((one) => one === name);

type Texts = Record<TemplateName, Pick<ReportSections, 'technique' | 'findings' | 'impression'>>;

const FREE = { technique: '', findings: '', impression: '' };

/** A normal examination in so many words: what is not so is changed. */
const FR: Texts = {
  'chest-film': {
    technique: 'Radiographie thoracique de face, debout, en inspiration.',
    findings:
      'Parenchyme pulmonaire : pas d’opacité focale, pas de micronodules, pas de cavité.\nCuls-de-sac pleuraux libres. Pas de pneumothorax.\nMédiastin et hiles de taille et de contours normaux. Silhouette cardiaque non élargie.\nCoupoles diaphragmatiques et cadre osseux sans particularité.',
    impression: 'Radiographie thoracique normale.',
  },
  'chest-ct': {
    technique: 'Acquisition hélicoïdale du thorax, sans injection.',
    findings:
      'Parenchyme pulmonaire : pas de nodule, de condensation ni de syndrome interstitiel.\nArbre bronchique libre.\nPas d’adénopathie médiastinale ni hilaire. Cœur et gros vaisseaux de calibre normal.\nPas d’épanchement pleural ni péricardique.\nPas de lésion osseuse suspecte. Étage abdominal supérieur sans particularité.',
    impression: 'Scanner thoracique sans anomalie.',
  },
  'head-ct': {
    technique: 'Acquisition cérébrale sans injection.',
    findings:
      'Pas d’hémorragie intra- ou extra-axiale.\nDifférenciation substance grise – substance blanche conservée. Pas d’effet de masse.\nLigne médiane en place. Système ventriculaire et espaces sous-arachnoïdiens de taille normale pour l’âge.\nFosse postérieure sans particularité.\nPas de fracture. Sinus et cavités mastoïdiennes bien aérés.',
    impression: 'Scanner cérébral sans anomalie décelable sans injection.',
  },
  'abdominal-us': {
    technique: 'Échographie abdominale par voie transpariétale.',
    findings:
      'Foie de taille normale, homogène, sans lésion focale.\nVésicule à paroi fine, alithiasique. Voies biliaires non dilatées.\nPancréas et rate d’aspect normal.\nReins de taille normale, bien différenciés, sans dilatation ni calcul.\nAorte de calibre normal. Pas d’épanchement.',
    impression: 'Échographie abdominale normale.',
  },
  'obstetric-us': {
    technique: 'Échographie obstétricale par voie sus-pubienne.',
    findings:
      'Grossesse monofœtale évolutive. Activité cardiaque régulière.\nPrésentation : \nBiométrie : BIP  mm, PC  mm, PA  mm, LF  mm.\nLiquide amniotique en quantité normale.\nPlacenta normalement inséré.\nMorphologie : pas d’anomalie décelée à ce terme.',
    impression: 'Grossesse évolutive, biométrie concordante avec le terme.',
  },
  bone: {
    technique: 'Clichés de face et de profil.',
    findings:
      'Pas de trait de fracture. Rapports articulaires conservés.\nInterlignes articulaires respectés.\nMinéralisation osseuse normale. Pas de lésion lytique ni condensante.\nParties molles sans particularité.',
    impression: 'Pas de lésion osseuse traumatique visible.',
  },
  mammography: {
    technique: 'Mammographie bilatérale, incidences de face et oblique.',
    findings:
      'Densité mammaire (ACR) : \nPas de masse, de distorsion architecturale ni d’asymétrie.\nPas de foyer de microcalcifications suspectes.\nRevêtement cutané et mamelons normaux. Pas d’adénopathie axillaire.',
    impression: 'Mammographie normale. Classification BI-RADS 1 à droite et à gauche.',
  },
  free: FREE,
};
const EN: Texts = {
  'chest-film': {
    technique: 'Frontal chest radiograph, erect, in inspiration.',
    findings:
      'Lungs: no focal opacity, no micronodules, no cavity.\nCostophrenic angles clear. No pneumothorax.\nMediastinum and hila of normal size and contour. Heart not enlarged.\nDiaphragm and bones unremarkable.',
    impression: 'Normal chest radiograph.',
  },
  'chest-ct': {
    technique: 'Helical acquisition of the chest, without contrast.',
    findings:
      'Lungs: no nodule, consolidation or interstitial disease.\nAirways patent.\nNo mediastinal or hilar lymphadenopathy. Heart and great vessels of normal calibre.\nNo pleural or pericardial effusion.\nNo suspicious bone lesion. Upper abdomen unremarkable.',
    impression: 'No abnormality on CT of the chest.',
  },
  'head-ct': {
    technique: 'CT of the head without contrast.',
    findings:
      'No intra- or extra-axial haemorrhage.\nGrey–white differentiation preserved. No mass effect.\nMidline in place. Ventricles and sulci of normal size for age.\nPosterior fossa unremarkable.\nNo fracture. Sinuses and mastoids well aerated.',
    impression: 'No abnormality on unenhanced CT of the head.',
  },
  'abdominal-us': {
    technique: 'Transabdominal ultrasound of the abdomen.',
    findings:
      'Liver of normal size, homogeneous, without focal lesion.\nThin-walled gallbladder without stones. Bile ducts not dilated.\nPancreas and spleen of normal appearance.\nKidneys of normal size, well differentiated, without dilatation or stones.\nAorta of normal calibre. No free fluid.',
    impression: 'Normal abdominal ultrasound.',
  },
  'obstetric-us': {
    technique: 'Transabdominal obstetric ultrasound.',
    findings:
      'Single live intrauterine pregnancy. Regular cardiac activity.\nPresentation: \nBiometry: BPD  mm, HC  mm, AC  mm, FL  mm.\nNormal amniotic fluid volume.\nPlacenta normally sited.\nAnatomy: no anomaly seen at this gestation.',
    impression: 'Live pregnancy, biometry consistent with dates.',
  },
  bone: {
    technique: 'Frontal and lateral views.',
    findings:
      'No fracture line. Joint alignment preserved.\nJoint spaces preserved.\nNormal bone mineralisation. No lytic or sclerotic lesion.\nSoft tissues unremarkable.',
    impression: 'No traumatic bone lesion seen.',
  },
  mammography: {
    technique: 'Bilateral mammography, craniocaudal and mediolateral oblique views.',
    findings:
      'Breast density (ACR): \nNo mass, architectural distortion or asymmetry.\nNo suspicious microcalcifications.\nSkin and nipples normal. No axillary lymphadenopathy.',
    impression: 'Normal mammogram. BI-RADS 1 right and left.',
  },
  free: FREE,
};

export const templateText = (name: TemplateName, language: ReportDraft['language']): Texts[TemplateName] =>
  (language === 'fr' ? FR : EN)[name];

/** What a report may be begun with says, ours by name or a kept one by id; undefined where there is none, or no more. */
export function textsOf(
  template: string | null,
  language: ReportDraft['language'],
  kept: readonly ReportTemplate[],
): Partial<ReportSections> | undefined {
  if (isTemplate(template)) return templateText(template, language);
  return kept.find(({ id }) => id === template)?.sections;
}

/** A template over what is written: what somebody has typed of a section stays, and the texts of the one before are taken away where nobody has changed them. */
export function changeTemplate(
  sections: ReportSections,
  before: Partial<ReportSections> | undefined,
  next: Partial<ReportSections>,
): ReportSections {
  const now = (name: ReportSection): string => {
    const left = sections[name] === before?.[name] ? '' : sections[name];
    return left || (next[name] ?? '');
  };
  return {
    ...{ history: now('history'), technique: now('technique'), comparison: now('comparison') },
    ...{ findings: now('findings'), impression: now('impression') },
  };
}
