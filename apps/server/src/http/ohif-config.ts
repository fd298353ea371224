import type { User } from '@negatoscope/contract';

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
 * The script that configures OHIF for one person. The person's language is told to OHIF when it is another than the last time, so
 * that a choice made in OHIF's own preferences stays; `negatoscopeSession` is of the script before this one.
 */
export function ohifConfig(locale: User['locale']): string {
  const language = locale === 'fr' ? 'fr' : 'en-US';
  return `console.time('scriptToView');
window.PUBLIC_URL = '/viewer/';
window.browserImportFunction = (module) => import(module);
try {
  if (localStorage.getItem('ng.ohifLocale') !== '${language}') {
    localStorage.setItem('ng.ohifLocale', '${language}');
    localStorage.setItem('i18nextLng', '${language}');
    document.cookie = 'i18next=${language}; path=/; SameSite=Lax';
  }
  document.documentElement.lang = '${locale}';
} catch {}
window.config = ${JSON.stringify(CONFIG)};
window.config.httpErrorHandler = (error) => void window.negatoscopeSession?.onHttpError(error);
window.config.whiteLabeling = {
  createLogoComponentFn: (React) =>
    React.createElement('a', { href: '/app', style: { color: '#fff', fontWeight: 600, padding: '0 8px' } }, 'Negatoscope'),
};
`;
}
