import { randomString } from '../support/random';
import { LEAST_PRIVILEGE } from './defaults';
import type { Group, Role, User } from './model';

/** Where accounts are added. */
interface Directory {
  addGroup(
    name: string,
    options?: Partial<Pick<Group, 'isSuperuser' | 'attributes' | 'roles'>>,
  ): Group;
  addRole(name: string, permissions: readonly string[]): Role;
  addUser(
    options: Pick<User, 'username' | 'name' | 'email' | 'groups' | 'password'>,
  ): User;
  addToken(user: User, options: { identifier: string; key: string }): unknown;
  addServiceAccount(
    name: string,
    permissions?: readonly string[],
    key?: string,
  ): unknown;
}

/** Shown in place of a real deployment's first administrator. */
const ADMIN = {
  username: 'akadmin',
  name: 'authentik Default Admin',
  email: 'admin@example.com',
};

/**
 * The people, groups and service accounts of the sandbox. Keys given before are kept, so that a
 * reset does not lock anybody out.
 *
 * @internal
 */
export function seedDirectory(
  store: Directory,
  adminToken: string,
  keys: ReadonlyMap<string, string>,
): void {
  const admins = store.addGroup('authentik Admins', { isSuperuser: true });
  const readers = store.addRole('authentik Read-only', []);
  store.addGroup('authentik Read-only', {
    attributes: { notes: 'Read-only access to every object.\n' },
    roles: [readers.pk],
  });
  const engineering = store.addGroup('engineering');
  const admin = store.addGroup('admin');
  const finance = store.addGroup('finance');
  const akadmin = store.addUser({
    ...ADMIN,
    groups: [admins.pk],
    password: randomString(24),
  });
  store.addUser({
    username: 'jane',
    name: 'Jane Doe',
    email: 'jane@company.example',
    groups: [engineering.pk, admin.pk],
    password: 'jane-demo-password',
  });
  store.addUser({
    username: 'bob',
    name: 'Bob Roe',
    email: '',
    groups: [finance.pk],
    password: 'bob-demo-password',
  });
  store.addToken(akadmin, {
    identifier: 'authentik-bootstrap-token',
    key: adminToken,
  });
  store.addServiceAccount(
    'backstage',
    LEAST_PRIVILEGE,
    keys.get('backstage-api'),
  );
  store.addServiceAccount(
    'no-permissions',
    undefined,
    keys.get('no-permissions-api'),
  );
}
