/** Names the one study that is meant where the same UID is in several groups; what is in no group has a name as well. */
export const placeOf = ({ groupId }: { readonly groupId: string | null }): { groupId: string } => ({
  groupId: groupId ?? 'none',
});
