/** What an id_token says about groups; undefined leaves the stored groups alone. @internal */
export function groupsFromClaim(claim: unknown): string[] | undefined {
  if (claim === undefined || claim === null) {
    return undefined;
  }
  if (typeof claim === 'string') {
    return claim === '' ? [] : [claim];
  }
  if (Array.isArray(claim)) {
    return claim.filter((group): group is string => typeof group === 'string');
  }
  return undefined;
}

/** Groups after a sign-in: an administrator stays one whatever the identity provider says. @internal */
export function groupsAfterSignIn(options: {
  current: string[];
  claimed: string[] | undefined;
  adminGroup: string;
  isFirstUser: boolean;
}): string[] {
  const { current, claimed, adminGroup, isFirstUser } = options;
  const groups = claimed ?? current;
  const isAdmin = isFirstUser || current.includes(adminGroup);
  return [...new Set(isAdmin ? [...groups, adminGroup] : groups)];
}
