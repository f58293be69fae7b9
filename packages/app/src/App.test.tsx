import catalogPlugin from '@backstage/plugin-catalog/alpha';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';
import { render, screen, waitFor } from '@testing-library/react';
import App from './App';

const TIMEOUT = { timeout: 15_000 };

/** What the CLI puts into the page: the configuration and the plugins it discovered. */
function preparePage(app: object) {
  process.env = {
    NODE_ENV: 'test',
    APP_CONFIG: [
      {
        context: 'test',
        data: {
          app: {
            title: 'Test',
            baseUrl: 'http://localhost',
            packages: 'all',
            // Signing in takes a backend; without the page the portal has a guest user.
            extensions: [{ 'sign-in-page:app': false }],
            ...app,
          },
          backend: { baseUrl: 'http://localhost:7007' },
        },
      },
    ] as unknown as string,
  };
  Object.assign(window, {
    '__@backstage/discovered__': {
      modules: [
        { name: 'catalog', default: catalogPlugin },
        { name: 'user-settings', default: userSettingsPlugin },
      ],
    },
  });
}

describe('App', () => {
  const env = process.env;

  afterEach(() => {
    process.env = env;
  });

  it('should open on the page of all gateways, with its navigation, as a sandbox', async () => {
    preparePage({ sandbox: true });
    render(App.createRoot());

    expect(
      await screen.findByRole('link', { name: 'Catalog' }, TIMEOUT),
    ).toHaveAttribute('href', '/catalog');
    expect(screen.getByRole('link', { name: 'Settings' })).toBeInTheDocument();
    expect(screen.getByRole('note')).toHaveTextContent('Sandbox');
    await waitFor(() =>
      expect(window.location.pathname).toBe('/hoop-gateways'),
    );
  }, 30_000);
});
