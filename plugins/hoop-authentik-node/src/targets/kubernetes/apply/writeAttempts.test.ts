import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { KubernetesForbiddenError } from '../../../systems/kubernetes';
import { wasRefused } from './writeAttempts';

describe('wasRefused', () => {
  it.each([
    [new ConflictError('x'), true],
    [new InputError('x'), true],
    [new NotFoundError('x'), true],
    [
      new KubernetesForbiddenError('x', {
        verb: 'patch',
        resource: 'secrets',
        namespace: 'hoop',
      }),
      true,
    ],
    [new ServiceUnavailableError('the answer was lost'), false],
    [
      new ServiceUnavailableError(
        'the cluster answered 500: failed calling webhook "x"',
      ),
      true,
    ],
    [new DOMException('aborted', 'AbortError'), false],
    [undefined, false],
  ])('should know of %s whether nothing was written', (error, expected) => {
    expect(wasRefused(error)).toBe(expected);
  });
});
