export type { ContentGraphic, GraphicType } from './graphic.ts';
export { type ContentPage, contentHtml } from './html.ts';
export {
  type ContentNode,
  type ContentReference,
  type ContentTree,
  contentTreeOf,
  itemAt,
  referencesOf,
} from './tree.ts';
