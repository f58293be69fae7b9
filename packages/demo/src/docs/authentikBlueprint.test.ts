import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, type ScalarTag } from 'yaml';

const read = (path: string) =>
  readFileSync(resolve(__dirname, '../../../../docs', path), 'utf8');

/** authentik's tag for a reference to an earlier entry. */
const keyOf: ScalarTag = {
  tag: '!KeyOf',
  resolve: (id: string) => ({ keyOf: id }),
};

interface Entry {
  model: string;
  id?: string;
  attrs: Record<string, unknown>;
}

const { entries }: { entries: Entry[] } = parse(
  read('authentik/hoop-backstage.blueprint.yaml'),
  { customTags: [keyOf] },
);

const entryOf = (model: string) => {
  const found = entries.find(entry => entry.model === model);
  if (!found) {
    throw new Error(`The blueprint has no ${model}`);
  }
  return found;
};

/** The names in the first column of the documented table; a name without an app has that of the name before it. */
function documentedPermissions(): string[] {
  const [, table] = read('authentik-permissions.md').split('## Permissions');
  return table
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(line => {
      let app = '';
      return [...line.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, name]) => {
        if (!name.includes('.')) {
          return `${app}.${name}`;
        }
        [app] = name.split('.');
        return name;
      });
    });
}

describe('the authentik blueprint', () => {
  it('should grant the documented permissions and no others', () => {
    const granted = entryOf('authentik_rbac.role').attrs.permissions;
    const documented = documentedPermissions();
    expect(documented).toContain('authentik_core.delete_application');
    expect(granted).toEqual(expect.arrayContaining(documented));
    expect(documented).toEqual(expect.arrayContaining(granted as string[]));
  });

  it('should lead from the token to the role through account and group', () => {
    expect(entryOf('authentik_core.token').attrs.user).toEqual({
      keyOf: entryOf('authentik_core.user').id,
    });
    expect(entryOf('authentik_core.user').attrs.groups).toEqual([
      { keyOf: entryOf('authentik_core.group').id },
    ]);
    expect(entryOf('authentik_core.group').attrs).toMatchObject({
      is_superuser: false,
      roles: [{ keyOf: entryOf('authentik_rbac.role').id }],
    });
  });

  it('should make a token that the API accepts and that does not expire', () => {
    expect(entryOf('authentik_core.token').attrs).toMatchObject({
      intent: 'api',
      expiring: false,
    });
  });

  it('should refer to earlier entries only and contain no key', () => {
    const known: string[] = [];
    for (const { id, attrs } of entries) {
      const text = JSON.stringify(attrs);
      for (const [, reference] of text.matchAll(/"keyOf":"([^"]+)"/g)) {
        expect(known).toContain(reference);
      }
      expect(attrs).not.toHaveProperty('key');
      expect(attrs).not.toHaveProperty('password');
      if (id) {
        known.push(id);
      }
    }
  });
});
