import { useApiHolder } from '@backstage/frontend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { hoopAuthentikGatewayManagePermission } from 'backstage-plugin-hoop-authentik-common';
import { useEffect, useState } from 'react';

/** Whether the viewer may change a gateway; `undefined` until that is known. It only hides what the backend would refuse. @internal */
export function useMayManage(gateway: string): boolean | undefined {
  const permissions = useApiHolder().get(permissionApiRef);
  const [answer, setAnswer] = useState<{ gateway: string; allowed: boolean }>();

  useEffect(() => {
    let wanted = true;
    const decide = (allowed: boolean) => {
      if (wanted) {
        setAnswer({ gateway, allowed });
      }
    };
    if (permissions) {
      permissions
        .authorize({
          permission: hoopAuthentikGatewayManagePermission,
          resourceRef: gateway,
        })
        .then(
          ({ result }) => decide(result === AuthorizeResult.ALLOW),
          () => decide(false),
        );
    } else {
      decide(true);
    }
    return () => {
      wanted = false;
    };
  }, [permissions, gateway]);

  return answer?.gateway === gateway ? answer.allowed : undefined;
}
