import { SecretValue } from '../core';
import { BLOCK, patch } from './__testUtils__/helmSettings';
import { SECRET_PLACEHOLDER } from './helmClientSecret';

describe('patchHelmValues', () => {
  describe('the client secret', () => {
    const clear = 'config:\n  IDP_CLIENT_SECRET: clear-text-secret # oops\n';

    it('should be left to the tool that renders the chart where no Secret is named', () => {
      const { text, notes } = patch('');

      expect(text).not.toContain('IDP_CLIENT_SECRET');
      expect(notes).toEqual([
        expect.stringContaining('Set existingSecret, or'),
      ]);
    });

    it('should be a placeholder beside a named Secret, so that the chart renders', () => {
      const { text, notes, changes } = patch('', {
        existingSecret: 'hoop-idp',
      });

      expect(text).toBe(
        `config:\n${BLOCK}  IDP_CLIENT_SECRET: ${SECRET_PLACEHOLDER}\nexistingSecret: hoop-idp\n`,
      );
      expect(changes).toHaveLength(6);
      expect(notes).toEqual([expect.stringContaining('"hoop-idp" must exist')]);
      expect(patch(text, { existingSecret: 'hoop-idp' }).text).toBe(text);
    });

    it('should be read from the Secret that the file already names', () => {
      const before = 'existingSecret: hoop-extra # POSTGRES_DB_URI\n';

      const { text, notes, existingSecret } = patch(before);

      expect(text).toBe(
        `${before}config:\n${BLOCK}  IDP_CLIENT_SECRET: ${SECRET_PLACEHOLDER}\n`,
      );
      expect(existingSecret).toBe('hoop-extra');
      expect(notes).toEqual([
        expect.stringContaining('"hoop-extra" must exist'),
      ]);
      expect(patch(text)).toMatchObject({ text, existingSecret, notes });
      expect(patch(text, { existingSecret: 'hoop-extra' }).text).toBe(text);
    });

    it.each([
      ['config', ''],
      ['hoop-chart.config', 'hoop-chart:\n  '],
    ])(
      'should refuse to replace the Secret that the gateway already reads: %s',
      (configPath, parent) => {
        const before = `${parent}existingSecret: hoop-extra # POSTGRES_DB_URI, JWT\n`;
        const options = { configPath, existingSecret: 'hoop-idp' };

        expect(() => patch(before, options)).toThrow(
          /existingSecret is already "hoop-extra".*Put IDP_CLIENT_SECRET into that Secret and name it.*replaceExistingSecret: true/,
        );
        const { text, notes } = patch(before, {
          ...options,
          replaceExistingSecret: true,
        });
        expect(text).toContain(
          'existingSecret: hoop-idp # POSTGRES_DB_URI, JWT\n',
        );
        expect(notes.join()).toContain(
          'no longer reads the Secret "hoop-extra"',
        );
      },
    );

    it.each(['""', '~', '', 'hoop-idp'])(
      'should be named where existingSecret is %s',
      value => {
        expect(
          patch(`existingSecret: ${value}\n`, { existingSecret: 'hoop-idp' })
            .text,
        ).toContain('hoop-idp');
      },
    );

    it.each([
      '${IDP_SECRET}',
      '$IDP_SECRET',
      'ref+vault://a/b',
      '<path:a#b>',
      '"{{ x }}"',
    ])('should stay the reference %s', reference => {
      const text = `config:\n  IDP_CLIENT_SECRET: ${reference}\n`;

      expect(patch(text).text).toBe(`${text}${BLOCK}`);
      expect(patch(text).notes).toEqual([]);
      expect(patch(`${text}existingSecret: hoop-extra\n`)).toMatchObject({
        text: `${text}${BLOCK}existingSecret: hoop-extra\n`,
        notes: [],
        existingSecret: undefined,
      });
    });

    it('should not stay in clear text', () => {
      expect(() => patch(clear)).toThrow(/removeClearSecret/);
      expect(() => patch(clear, { removeClearSecret: true })).toThrow(
        /needs a Secret to replace it/,
      );
      const { text, changes, notes } = patch(clear, {
        removeClearSecret: true,
        existingSecret: 'hoop-idp',
      });
      expect(text).toBe(
        `config:\n  IDP_CLIENT_SECRET: ${SECRET_PLACEHOLDER} # oops\n${BLOCK}existingSecret: hoop-idp\n`,
      );
      expect(changes).toContainEqual({
        object: 'values.yaml',
        field: 'config.IDP_CLIENT_SECRET',
        from: '<secret>',
        to: `"${SECRET_PLACEHOLDER}"`,
      });
      expect(notes.join()).toContain('Rotate it');
    });

    it('should be refused where it comes through a merge key or is under another key', () => {
      const merged =
        'x: &x {IDP_CLIENT_SECRET: clear-text-secret}\nconfig: {<<: *x}\n';
      const elsewhere = 'note: clear-text-secret\n';

      expect(() =>
        patch(merged, { removeClearSecret: true, existingSecret: 'hoop-idp' }),
      ).toThrow(/another place/);
      expect(() =>
        patch(elsewhere, {
          clientSecret: new SecretValue('clear-text-secret'),
        }),
      ).toThrow(/another place/);
    });

    it('should appear in no message and no plan', () => {
      const secret = 'clear-text-secret';
      const clientSecret = new SecretValue(secret);
      const texts = [
        clear,
        `config:\n  IDP_CLIENT_ID: ${secret}\n`,
        `config:\n\tIDP_CLIENT_SECRET: ${secret}\n`,
        `config:\n  A: x\n  "${secret}\n`,
        `a: 1\n${secret}\n`,
        `a: ${secret}: 1\n`,
        `a: {b: 1} ${secret}\n`,
        `${secret}: 1\n${secret}: 2\n`,
        `a: *${secret}\n`,
        `a: !${secret} x\n`,
        `existingSecret: ${secret}\n`,
      ];

      for (const text of texts) {
        for (const [removeClearSecret, existingSecret] of [
          [true, undefined],
          [false, 'hoop-idp'],
        ] as const) {
          let said: unknown;
          try {
            const { changes, notes } = patch(text, {
              clientSecret,
              removeClearSecret,
              existingSecret,
            });
            said = { changes, notes };
          } catch (error) {
            said = String(error);
          }
          expect(JSON.stringify(said)).not.toContain(secret);
        }
      }
    });
  });
});
