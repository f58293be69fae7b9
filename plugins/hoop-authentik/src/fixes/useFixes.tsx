import { configApiRef, useRouteRef } from '@backstage/core-plugin-api';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  hoopAuthentikGatewayManagePermission,
  type Fix,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import {
  lazy,
  Suspense,
  useContext,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import { useMay } from '../hooks';
import { templateRouteRef } from '../routes';
import { FixMode } from './FixMode';
import { templateFor, type FilledTemplate } from './templates';

const TemplateDialog = lazy(() =>
  import('./TemplateDialog').then(m => ({ default: m.TemplateDialog })),
);

/** A template that a button starts. @internal */
export interface OfferedFix {
  /** Its page, with the form filled in. */
  href: string;
  /** Opens it on this page, where the app can. */
  open?: () => void;
}

/** What the viewer can start for one integration. @internal */
export interface Fixes {
  /** Whether the viewer may change the gateway; `undefined` until that is known. */
  allowed: boolean | undefined;
  offer: (fix: Fix | { action: 'disconnect' }) => OfferedFix | undefined;
  /** To be rendered once beside the buttons. */
  dialog: ReactNode;
}

/**
 * The templates behind the buttons of an integration: none where the viewer may not run them, or the portal has no scaffolder.
 *
 * @internal
 */
export function useFixes(
  integration: Pick<Integration, 'entityRef' | 'gateway'>,
  onChanged: () => void,
): Fixes {
  const config = useApi(configApiRef);
  const templatePage = useRouteRef(templateRouteRef);
  const mode = useContext(FixMode);
  const allowed = useMay(
    hoopAuthentikGatewayManagePermission,
    integration.gateway.name,
  );
  const [opened, setOpened] = useState<FilledTemplate>();

  return useMemo(() => {
    const hrefOf = ({ namespace, name, formData }: FilledTemplate) =>
      templatePage &&
      `${templatePage({
        namespace,
        templateName: name,
      })}?formData=${encodeURIComponent(JSON.stringify(formData))}`;
    return {
      allowed,
      offer: fix => {
        const template = templateFor(config, fix, integration);
        const href = template && hrefOf(template);
        if (!allowed || !href) {
          return undefined;
        }
        return mode === 'dialog'
          ? { href, open: () => setOpened(template) }
          : { href };
      },
      dialog: opened && (
        <Suspense fallback={null}>
          <TemplateDialog
            template={opened}
            href={hrefOf(opened) ?? ''}
            onChanged={onChanged}
            onClose={() => setOpened(undefined)}
          />
        </Suspense>
      ),
    };
  }, [config, integration, templatePage, allowed, mode, opened, onChanged]);
}
