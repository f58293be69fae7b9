import { faultsOf, requestOf, type RequestForm } from './requestForm';

const now = new Date('2026-11-23T12:00:00');
const access: RequestForm = {
  kind: 'access',
  entityRef: 'component:default/example',
  reason: 'I am on call this week.',
  groups: [],
  subject: 'user:default/jane',
  until: '2026-11-30T18:00',
};

describe('requestForm', () => {
  it.each<[Partial<RequestForm>, string[]]>([
    [{}, []],
    [{ until: '' }, []],
    [{ reason: '   short   ' }, ['reason']],
    [{ reason: 'x'.repeat(501) }, ['reason']],
    [{ subject: '' }, ['subject']],
    [{ until: '2026-11-23T11:59' }, ['until']],
    [{ until: 'soon' }, ['until']],
    [{ kind: 'connect', subject: '', until: '2020-01-01T00:00' }, []],
  ])('should find in %p the faults %p', (fields, faults) => {
    expect(faultsOf({ ...access, ...fields }, now)).toEqual(faults);
  });

  it('should make the request of its kind, with the time in UTC', () => {
    expect(requestOf(access)).toEqual({
      kind: 'access',
      entityRef: access.entityRef,
      reason: access.reason,
      subject: access.subject,
      until: new Date('2026-11-30T18:00').toISOString(),
    });
    expect(
      requestOf({ ...access, kind: 'connect', groups: ['group:default/x'] }),
    ).toEqual({
      kind: 'connect',
      entityRef: access.entityRef,
      reason: access.reason,
      groups: ['group:default/x'],
    });
  });
});
