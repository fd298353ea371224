import type { DeidForm, DeidProject } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { groupsQuery } from '../group/queries.ts';
import { deidProjectsQuery } from './queries.ts';

/** Projects that a form can use: one whose UIDs stay would come into a group under the UIDs of what it was made of. */
const usable = ({ hasKey, options }: DeidProject, form: DeidForm): boolean =>
  hasKey && (form !== 'GROUP' || !options.includes('retainUids'));

/** What somebody chooses of an export without identity: into which project, in which form, into which group. */
export function useWhere() {
  const can = useCan();
  const [form, setForm] = useState<DeidForm>('DICOM');
  const [chosenGroup, setGroup] = useState('');
  const [chosenProject, setProject] = useState('');
  const { data, error } = useQuery(deidProjectsQuery);
  // Who sees no identities imports into a partition of their own: they let nothing into a group.
  const mayImport = can('imports.create') && can('patients.identity');
  const groups = useQuery({ ...groupsQuery, enabled: mayImport }).data?.items ?? [];
  const projects = data?.items.filter((one) => usable(one, form)) ?? [];
  const isGroup = form === 'GROUP';
  const project = projects.find(({ id }) => id === chosenProject) ?? (isGroup ? projects[0] : undefined);
  const group = isGroup ? (groups.find(({ id }) => id === chosenGroup) ?? groups[0]) : undefined;
  return {
    ...{ form, setForm, group, setGroup, project, setProject, projects, error },
    groups: mayImport ? groups : [],
    /** Whether all that the form needs is chosen. */
    isWhole: !isGroup || (group !== undefined && project !== undefined),
    body: { form, ...(project && { projectId: project.id }), ...(group && { targetGroupId: group.id }) },
  };
}
export type Where = ReturnType<typeof useWhere>;
