import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import { SandboxFrame } from './SandboxFrame';

async function renderFrame(app: { sandbox?: boolean }) {
  await renderInTestApp(<SandboxFrame>the page</SandboxFrame>, {
    config: { app },
  });
  expect(await screen.findByText('the page')).toBeInTheDocument();
}

describe('SandboxFrame', () => {
  it('should say that the systems are stand-ins', async () => {
    await renderFrame({ sandbox: true });

    expect(screen.getByRole('note')).toHaveTextContent(
      'Sandbox: authentik, Kubernetes and the gateway are stand-ins',
    );
  });

  it.each([{}, { sandbox: false }])('should say nothing for %p', async app => {
    await renderFrame(app);

    expect(screen.queryByRole('note')).not.toBeInTheDocument();
  });
});
