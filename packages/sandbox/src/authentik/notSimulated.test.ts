import { docTable } from '../testing/docTable';
import { NOT_SIMULATED } from './notSimulated';

describe('NOT_SIMULATED', () => {
  it('should be, row by row, what the docs say is left out', () => {
    expect(docTable('authentik endpoints that are left out')).toEqual(
      NOT_SIMULATED.map(({ method, path, reason }) => [method, path, reason]),
    );
  });
});
