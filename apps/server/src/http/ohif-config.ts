import type { User } from '@negatoscope/contract';
import { ID_PATTERN } from '../kernel/ids.ts';

const DATA_SOURCE = {
  namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
  sourceName: 'dicomweb',
  configuration: {
    friendlyName: 'Negatoscope',
    name: 'negatoscope',
    qidoRoot: '/dicom-web',
    wadoRoot: '/dicom-web',
    wadoUriRoot: '/dicom-web',
    imageRendering: 'wadors',
    thumbnailRendering: 'wadors',
    enableStudyLazyLoad: true,
    supportsWildcard: true,
    supportsFuzzyMatching: true,
    qidoSupportsIncludeField: false,
    singlepart: 'bulkdata,pdf,video',
    omitQuotationForMultipartRequest: true,
    bulkDataURI: { enabled: true },
  },
};

const CONFIG = {
  routerBasename: '/viewer',
  showStudyList: true,
  extensions: [],
  modes: [],
  // Slide microscopy is not part of what is prepared.
  modesConfiguration: { '@ohif/mode-microscopy': { hide: true } },
  // No guided tour above a patient's images.
  customizationService: [{ 'ohif.tours': { $set: [] } }],
  investigationalUseDialog: { option: 'never' },
  showLoadingIndicator: true,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: true,
  maxNumberOfWebWorkers: 3,
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
  defaultDataSourceName: DATA_SOURCE.sourceName,
  dataSources: [DATA_SOURCE],
};

/**
 * The script that configures OHIF for one person; `negatoscopeSession` is of the script before this one.
 */
export const ohifConfig = (locale: User['locale']): string => `console.time('scriptToView');
window.PUBLIC_URL = '/viewer/';
window.browserImportFunction = (module) => import(module);
${languageScript(locale)}
window.config = ${JSON.stringify(CONFIG)};
${GROUP_SCRIPT}
${overlayScript(locale)}
window.config.httpErrorHandler = (error) => void window.negatoscopeSession?.onHttpError(error);
window.config.whiteLabeling = {
  createLogoComponentFn: (React) =>
    React.createElement('a', { href: '/app', style: { color: '#fff', fontWeight: 600, padding: '0 8px' } }, 'Negatoscope'),
};
`;

/**
 * The person's language is told to OHIF when it is another than the last time, so that a choice made in OHIF's own preferences stays.
 */
function languageScript(locale: User['locale']): string {
  const language = locale === 'fr' ? 'fr' : 'en-US';
  return `try {
  if (localStorage.getItem('ng.ohifLocale') !== '${language}') {
    localStorage.setItem('ng.ohifLocale', '${language}');
    localStorage.setItem('i18nextLng', '${language}');
    document.cookie = 'i18next=${language}; path=/; SameSite=Lax';
  }
  document.documentElement.lang = '${locale}';
} catch {}`;
}

const GROUP_SCRIPT = `// The same UID may be in several groups: the address names the one that is meant, "none" for what is in no group.
const group = new URLSearchParams(location.search).get('group') ?? '';
if (/^(?:none|${ID_PATTERN})$/i.test(group)) {
  const { configuration } = window.config.dataSources[0];
  for (const root of ['qidoRoot', 'wadoRoot']) configuration[root] += '/groups/' + group;
}`;

const overlayScript = (
  locale: User['locale'],
): string => `// Whose images these are stands on each of them, above what OHIF writes there.
const person = (id, text) => ({
  id,
  inheritsFrom: 'ohif.overlayItem',
  label: '',
  condition: ({ referenceInstance }) => Boolean(text(referenceInstance)),
  contentF: ({ referenceInstance }) => text(referenceInstance),
});
const nameOf = (instance) => {
  const [name] = [instance?.PatientName].flat();
  const groups = typeof name === 'object' && name !== null ? [name.Alphabetic, name.Ideographic] : [name];
  return groups.filter((group) => typeof group === 'string' && group !== '').map((group) => group.split('^').filter(Boolean).join(' ')).join(' ');
};
const dateOf = (date) => String(date ?? '').replace(/^(\\d{4})(\\d{2})(\\d{2})$/, ${locale === 'fr' ? "'$3/$2/$1'" : "'$1-$2-$3'"});
const birthOf = (instance) => [dateOf(instance?.PatientBirthDate), instance?.PatientID].filter(Boolean).join(' · ');
window.config.customizationService.push({
  'viewportOverlay.topLeft': { $unshift: [person('NegatoscopePatient', nameOf), person('NegatoscopeBirth', birthOf)] },
});`;
