import { networkAdvice } from './networkErrors';

describe('a private certificate authority', () => {
  it.each([
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  ])('should be answered with caFile: %s', code => {
    expect(networkAdvice(Object.assign(new Error('x'), { code }))).toContain(
      'caFile',
    );
  });

  it.each(['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'ENOTFOUND'])(
    'should not be blamed for %s',
    code => {
      expect(
        networkAdvice(Object.assign(new Error('x'), { code })),
      ).not.toContain('caFile');
    },
  );
});
