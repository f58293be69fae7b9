import { inspect } from 'node:util';
import { SecretValue } from './SecretValue';

describe('SecretValue', () => {
  const secret = new SecretValue('s3cr3t-value');

  it('should give out the value only through reveal', () => {
    expect(secret.reveal()).toBe('s3cr3t-value');
  });

  it.each([
    ['a template string', () => `${secret}`],
    ['concatenation', () => `a${String(secret)}`],
    ['JSON', () => JSON.stringify({ secret, list: [secret] })],
    ['inspection', () => inspect({ deep: { secret } }, { depth: 9 })],
    ['inspection with hidden members', () => inspect(secret, true, 9)],
    ['own keys', () => Object.keys(secret).join()],
    ['entries', () => JSON.stringify(Object.entries({ ...secret }))],
  ])('should not show itself through %s', (_, print) => {
    expect(print()).not.toContain('s3cr3t');
  });

  it('should compare by value', () => {
    expect(secret.equals('s3cr3t-value')).toBe(true);
    expect(secret.equals(new SecretValue('s3cr3t-value'))).toBe(true);
    expect(secret.equals('s3cr3t-valuE')).toBe(false);
    expect(secret.equals('s3cr3t')).toBe(false);
    expect(secret.equals(undefined)).toBe(false);
    expect(new SecretValue('').isEmpty).toBe(true);
  });
});
