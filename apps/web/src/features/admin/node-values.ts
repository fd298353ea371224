import type { DicomNode, UnknownCaller } from '@negatoscope/contract';
import { call } from '../../api/client.ts';

/** What the form of a node has, as it is typed. */
export interface NodeFields {
  readonly name: string;
  readonly aeTitle: string;
  readonly host: string;
  readonly port: string;
  readonly groupId: string;
  readonly mayStore: boolean;
  readonly mayQuery: boolean;
  readonly mayRetrieve: boolean;
  readonly mayWorklist: boolean;
  readonly mayBeAsked: boolean;
  readonly takesStudies: boolean;
  readonly usesTls: boolean;
  readonly tlsFingerprint: string;
}

export const valuesOf = (node: DicomNode | undefined, caller?: UnknownCaller): NodeFields => ({
  name: node?.name ?? '',
  aeTitle: node?.aeTitle ?? caller?.callingAet ?? '',
  host: node?.host ?? caller?.address ?? '',
  port: String(node?.port ?? 104),
  groupId: node?.groupId ?? '',
  mayStore: node?.mayStore ?? true,
  mayQuery: node?.mayQuery ?? false,
  mayRetrieve: node?.mayRetrieve ?? false,
  mayWorklist: node?.mayWorklist ?? false,
  mayBeAsked: node?.mayBeAsked ?? false,
  takesStudies: node?.takesStudies ?? false,
  usesTls: node?.usesTls ?? false,
  tlsFingerprint: node?.tlsFingerprint ?? '',
});

export const plainPrint = (text: string): string => text.replaceAll(/[:\s]/g, '').toLowerCase();

function bodyOf({ name, aeTitle, host, port, groupId, tlsFingerprint, ...rights }: NodeFields) {
  const print = rights.usesTls ? plainPrint(tlsFingerprint) : '';
  return {
    ...{ name: name.trim(), aeTitle: aeTitle.trim(), host: host.trim() },
    port: Number(port),
    ...rights,
    tlsFingerprint: print === '' ? null : print,
    groupId: groupId === '' ? null : groupId,
  };
}

/** Makes a node known, or changes it as the version is that was read. */
export async function saveNode(node: DicomNode | undefined, fields: NodeFields): Promise<void> {
  const body = bodyOf(fields);
  if (node === undefined) await call('createNode', { body });
  else await call('updateNode', { params: { id: node.id }, body: { ...body, version: node.version } });
}

/** In the order of the form. */
const FIELDS = [
  ...(['name', 'aeTitle', 'host', 'port', 'usesTls', 'tlsFingerprint', 'groupId'] as const),
  ...(['mayStore', 'mayQuery', 'mayRetrieve', 'mayWorklist', 'mayBeAsked', 'takesStudies'] as const),
];
export type NodeField = (typeof FIELDS)[number];

export const changedFields = (from: NodeFields, to: NodeFields): NodeField[] =>
  FIELDS.filter((field) => {
    const [before, after] = [from[field], to[field]];
    return typeof before === 'string' && typeof after === 'string' ? before.trim() !== after.trim() : before !== after;
  });
