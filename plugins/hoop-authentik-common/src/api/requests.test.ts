import {
  newRequestSchema,
  requestDecisionSchema,
  requestQuerySchema,
} from './requests';

const access = {
  kind: 'access',
  entityRef: 'resource:default/hoop',
  subject: 'user:default/dev',
  reason: 'On call this week',
};

describe('newRequestSchema', () => {
  it.each([
    ['an access request', access],
    ['one with an end', { ...access, until: '2027-01-01T10:00:00Z' }],
    [
      'script in its reason',
      { ...access, reason: '<script>alert(1)</script>' },
    ],
    ['lines in its reason', { ...access, reason: 'first line\nsecond line' }],
    [
      'a connection',
      { kind: 'connect', entityRef: access.entityRef, reason: access.reason },
    ],
  ])('should take %s', (_, body) => {
    expect(newRequestSchema.safeParse(body).success).toBe(true);
  });

  it.each([
    ['no reason', { ...access, reason: undefined }],
    ['a short reason', { ...access, reason: '   short      ' }],
    ['a long reason', { ...access, reason: 'x'.repeat(501) }],
    ['a hidden character', { ...access, reason: 'On call this \u202Eweek' }],
    [
      'a control character',
      { ...access, reason: 'On call this \u001b[2Jweek' },
    ],
    ['an end that is no time', { ...access, until: 'tomorrow' }],
    ['a long subject', { ...access, subject: 'x'.repeat(256) }],
    ['no subject', { ...access, subject: '' }],
    [
      'a hidden character in a reference',
      { ...access, subject: 'group:default/\u202Eers' },
    ],
    [
      'a line break in a reference',
      { ...access, entityRef: 'resource:default/hoop\nok' },
    ],
    ['an unknown kind', { ...access, kind: 'everything' }],
    ['an unknown field', { ...access, requester: 'user:default/boss' }],
    [
      'many groups',
      {
        kind: 'connect',
        entityRef: access.entityRef,
        reason: access.reason,
        groups: Array.from({ length: 11 }, (_, i) => `group:default/g${i}`),
      },
    ],
  ])('should refuse %s', (_, body) => {
    expect(newRequestSchema.safeParse(body).success).toBe(false);
  });
});

describe('requestDecisionSchema', () => {
  it.each([
    [true, { decision: 'approve', planDigest: 'p' }],
    [true, { decision: 'decline', comment: 'Ask again next week' }],
    [false, { decision: 'approve' }],
    [false, { decision: 'decline' }],
    [false, { decision: 'decline', comment: '   ' }],
    [false, { decision: 'decline', comment: 'x'.repeat(501) }],
    [false, { decision: 'approve', planDigest: 'p', by: 'user:default/x' }],
  ])('should say %s of %j', (valid, body) => {
    expect(requestDecisionSchema.safeParse(body).success).toBe(valid);
  });
});

describe('requestQuerySchema', () => {
  it('should show a caller their own by default', () => {
    expect(requestQuerySchema.parse({ state: 'pending' })).toEqual({
      view: 'mine',
      state: ['pending'],
      limit: 50,
    });
  });
});
