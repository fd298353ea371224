/** The viewer with Cornerstone3D: load it lazily. `prefetch.ts` (fetching ahead) and `strings.ts` (texts) are imported directly. */
export { Viewer } from './viewer.tsx';
