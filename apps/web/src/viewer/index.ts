/** The viewer with Cornerstone3D: load it lazily. `prefetch.ts` (fetching ahead) and `strings.ts` (texts) are imported directly. */
export { prefetchStudy } from './prefetch.ts';
export { Viewer, type ViewerProps } from './viewer.tsx';
