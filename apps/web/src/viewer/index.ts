/** The viewer with Cornerstone3D: load it lazily. `prefetch.ts` (fetching ahead) is imported directly, its texts are those of `i18n/fr/viewer.ts`. */
export { Viewer } from './viewer.tsx';
