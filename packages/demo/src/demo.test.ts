import { PassThrough } from 'node:stream';
import { runDemo } from './demo';
import { Printer } from './printer';

jest.setTimeout(240_000);

describe('runDemo', () => {
  it('should connect the gateway, sign a user in and let no secret out', async () => {
    const printer = new Printer(new PassThrough());
    const report = await runDemo(printer);

    expect(report.problems).toEqual([]);
    expect(report.before.state).toBe('not-connected');
    expect(report.after.state).toBe('connected');
    expect(report.login).toEqual({
      user: 'jane',
      token: true,
      email: 'jane@company.example',
      groups: ['engineering', 'admin'],
      isAdmin: true,
    });
    expect(report.rerun).toEqual({ status: 'completed', writes: 0 });

    // The hunt went through the output, the report, the tasks, the log and the database, for secrets that exist.
    expect(report.secrets.hits).toBe(0);
    expect(report.secrets.hunted).toBeGreaterThan(5);
    expect(report.secrets.places).toBeGreaterThan(4);
    expect(report.secrets.bytes).toBeGreaterThan(100_000);
    expect(printer.printed()).toContain('IDP_CLIENT_SECRET: set');
  });
});
