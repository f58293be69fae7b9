import { docTable } from '../testing/docTable';
import { NOT_SIMULATED } from './notSimulated';

describe('NOT_SIMULATED', () => {
  it('should be, row by row, what the docs say is left out', () => {
    expect(docTable('Kubernetes requests that are left out')).toEqual(
      NOT_SIMULATED.map(({ mediaType, what, reason }) => [
        mediaType,
        what,
        reason.replace(/`/g, ''),
      ]),
    );
  });
});
