import { useApiHolder } from '@backstage/frontend-plugin-api';
import {
  AuthorizeResult,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { useEffect, useState } from 'react';

/** Whether the viewer has a permission; `undefined` until that is known. It only hides what the backend would refuse. @internal */
export function useMay(
  permission: ResourcePermission,
  resourceRef: string,
): boolean | undefined {
  const permissions = useApiHolder().get(permissionApiRef);
  const question = `${permission.name} ${resourceRef}`;
  const [answer, setAnswer] = useState<{ question: string; may: boolean }>();

  useEffect(() => {
    let wanted = true;
    const decide = (may: boolean) => {
      if (wanted) {
        setAnswer({ question, may });
      }
    };
    if (permissions) {
      permissions.authorize({ permission, resourceRef }).then(
        ({ result }) => decide(result === AuthorizeResult.ALLOW),
        () => decide(false),
      );
    } else {
      decide(true);
    }
    return () => {
      wanted = false;
    };
  }, [permissions, permission, resourceRef, question]);

  return answer?.question === question ? answer.may : undefined;
}
