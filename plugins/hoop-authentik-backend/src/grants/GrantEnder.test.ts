import { mockServices } from '@backstage/backend-test-utils';
import { GrantEnder, type StoredGrant } from '.';

const granted = (changes: Partial<StoredGrant> = {}): StoredGrant => ({
  id: 'g1',
  request: 'r1',
  gateway: 'main',
  system: 'https://auth.company',
  application: 'hoop',
  target: 'application-1',
  binding: 'binding-1',
  mark: 1_234_567,
  subject: { kind: 'group', key: 'group-1', name: 'engineering' },
  ...changes,
});

describe('GrantEnder', () => {
  let stored: StoredGrant[];
  let bindings: Array<{ pk: string; target: string; group: string }>;
  let whileWaiting: () => void;
  const signal = new AbortController().signal;
  const auditor = mockServices.auditor.mock();

  beforeEach(() => {
    stored = [granted()];
    bindings = [
      { pk: 'binding-0', target: 'application-1', group: 'admin' },
      { pk: 'binding-1', target: 'application-1', group: 'group-1' },
      { pk: 'binding-2', target: 'application-2', group: 'admin' },
      { pk: 'binding-3', target: 'application-2', group: 'group-1' },
    ];
    whileWaiting = () => {};
    auditor.createEvent.mockReset();
    auditor.createEvent.mockResolvedValue({
      success: async () => {},
      fail: async () => {},
    });
  });

  const ender = () =>
    new GrantEnder({
      auditor,
      gateways: {
        gatewayNames: () => ['main'],
        getGateway: () => ({
          config: {
            name: 'main',
            url: 'https://hoop.company',
            application: 'hoop',
            adminGroup: 'admin',
            issuer: {},
          },
          authentik: { baseUrl: 'https://auth.company' },
          systems: {
            authentik: {
              baseUrl: 'https://auth.company',
              listBindings: async (target: string) =>
                bindings
                  .filter(one => one.target === target)
                  .map(one => ({ ...one, enabled: true })),
              deleteBinding: async (pk: string) => {
                bindings = bindings.filter(one => one.pk !== pk);
                return true;
              },
            },
          },
        }),
      } as any,
      grants: {
        due: async () => stored,
        ofRequest: async (id: string) =>
          stored.find(({ request }) => request === id),
        end: async (id: string) => {
          stored = stored.filter(one => one.id !== id);
          return true;
        },
      } as any,
      logger: mockServices.logger.mock(),
      runs: {
        acquire: async run => {
          whileWaiting();
          return { ...run, since: '' };
        },
        renew: async () => true,
        release: async () => {},
      },
      onEnd: async () => {},
    });

  it('should delete the binding of a grant, and no other one', async () => {
    expect(await ender().endDue(signal)).toBe(1);
    expect(bindings.map(({ pk }) => pk)).toEqual([
      'binding-0',
      'binding-2',
      'binding-3',
    ]);
    expect(auditor.createEvent).toHaveBeenCalledTimes(1);
  });

  it('should leave what a task has extended until the gateway was free', async () => {
    whileWaiting = () => {
      stored = [];
    };
    expect(await ender().endDue(signal)).toBe(0);
    expect(bindings).toHaveLength(4);
    expect(auditor.createEvent).not.toHaveBeenCalled();
  });

  it('should not revoke what another request has extended meanwhile', async () => {
    whileWaiting = () => {
      stored = [granted({ request: 'r2' })];
    };
    await expect(ender().revoke(granted(), signal)).rejects.toMatchObject({
      name: 'ConflictError',
    });
    expect(bindings).toHaveLength(4);
  });

  it('should end the grants of an application where those of another one cannot end', async () => {
    bindings = bindings.slice(1);
    stored.push(
      granted({ id: 'g2', target: 'application-2', binding: 'binding-3' }),
    );
    expect(await ender().endDue(signal)).toBe(1);
    expect(bindings.map(({ pk }) => pk)).toEqual(['binding-1', 'binding-2']);
  });
});
