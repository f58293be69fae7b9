import type {
  AuthService,
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';

/** The user who calls. @internal */
export interface Requester {
  /** Full entity reference. */
  user: string;
  /** The user and the groups that the sign-in counts the user to. */
  ownershipRefs: readonly string[];
}

/**
 * @throws NotAllowedError for a service: requests are between people
 * @internal
 */
export async function requesterOf(
  {
    auth,
    userInfo,
  }: {
    auth: Pick<AuthService, 'isPrincipal'>;
    userInfo: UserInfoService;
  },
  credentials: BackstageCredentials,
): Promise<Requester> {
  if (!auth.isPrincipal(credentials, 'user')) {
    throw new NotAllowedError('Only users make and decide requests');
  }
  const info = await userInfo.getUserInfo(credentials);
  return {
    user: info.userEntityRef.toLocaleLowerCase('en-US'),
    ownershipRefs: info.ownershipEntityRefs.map(ref =>
      ref.toLocaleLowerCase('en-US'),
    ),
  };
}
