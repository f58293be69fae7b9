import * as permissions from './permissions';

describe('hoopAuthentikPermissions', () => {
  it('should be all there are, each with its own name', () => {
    const {
      hoopAuthentikPermissions: all,
      RESOURCE_TYPE_HOOP_GATEWAY: _,
      ...single
    } = permissions;
    expect(new Set(all)).toEqual(new Set(Object.values(single)));
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    all.forEach(({ name }) => expect(name).toMatch(/^hoop-authentik\./));
  });

  it('should make reading an integration depend on the entity', () => {
    expect(permissions.hoopAuthentikIntegrationReadPermission).toMatchObject({
      type: 'resource',
      resourceType: 'catalog-entity',
      attributes: { action: 'read' },
    });
  });

  it('should not let readers change a gateway', () => {
    expect(permissions.hoopAuthentikGatewayManagePermission).toMatchObject({
      type: 'resource',
      resourceType: permissions.RESOURCE_TYPE_HOOP_GATEWAY,
      attributes: { action: 'update' },
    });
  });

  it('should make asking depend on the entity, and deciding on the gateway', () => {
    expect(permissions.hoopAuthentikRequestCreatePermission).toMatchObject({
      resourceType: 'catalog-entity',
      attributes: { action: 'create' },
    });
    expect(permissions.hoopAuthentikRequestDecidePermission).toMatchObject({
      resourceType: permissions.RESOURCE_TYPE_HOOP_GATEWAY,
      attributes: { action: 'update' },
    });
  });
});
